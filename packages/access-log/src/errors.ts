import { VarcoError } from '@varco/core'

/** A draft holds what the log does not take: a text too long, or with characters that no name or id has. */
export class MalformedEventError extends VarcoError {
  readonly code = 'malformed-event'
  /** The key of the draft that is wrong; never its value. */
  readonly key: string

  constructor(key: string) {
    super(`the event's ${key} is too long or holds characters that are not text`)
    this.key = key
  }
}

/** Another process appends under the same writer's name; this one must not go on. */
export class SupersededError extends VarcoError {
  readonly code = 'superseded'
  readonly writer: string

  constructor(writer: string) {
    super(`another process has taken over the writer ${writer}`)
    this.writer = writer
  }
}

/** Why a prune is refused. */
export type PruneRefusal = 'not-a-month' | 'not-sound' | 'not-a-prefix' | 'not-witnessed' | 'held'

const REFUSALS: Readonly<Record<PruneRefusal, string>> = {
  'not-a-month': 'a prune ends at the beginning of a month, in UTC',
  'not-sound': 'the log does not verify; it must not be cut before that is explained',
  'not-a-prefix': 'the months are not the beginning of every tree',
  'not-witnessed': 'nothing outside the database has seen all that would be dropped',
  held: 'a hold touches the months',
}

/** The log must not be pruned now. */
export class PruneRefusedError extends VarcoError {
  readonly code = 'prune-refused'
  readonly reason: PruneRefusal

  constructor(reason: PruneRefusal, options?: ErrorOptions) {
    super(REFUSALS[reason], options)
    this.reason = reason
  }
}

/** A legal hold was placed between the look at the holds and what was to be forgotten: nothing was. */
export class HoldPlacedError extends VarcoError {
  readonly code = 'hold-placed'

  constructor(options?: ErrorOptions) {
    super('a legal hold was placed meanwhile: nothing was forgotten', options)
  }
}

/** The writer's clock is so far ahead of the database's that its times cannot be true; every later one of its tree would be wrong too. */
export class ClockAheadError extends VarcoError {
  readonly code = 'clock-ahead'
  readonly writer: string

  constructor(writer: string, options?: ErrorOptions) {
    super(`the clock of the writer ${writer} is more than a minute ahead of the database's`, options)
    this.writer = writer
  }
}

/** The database holds less of the log, or another log, than was seen before: it was restored or tampered with. */
export class RolledBackError extends VarcoError {
  readonly code = 'log-rolled-back'
  readonly tree: string

  constructor(tree: string) {
    super(`the log ${tree} in the database is older than, or differs from, its last known checkpoint`)
    this.tree = tree
  }
}
