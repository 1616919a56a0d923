import { mayBeSamePerson, type EventId, type Micros } from '@varco/core'
import type { WorkKeyOwner } from './work-keys.ts'

/** An entry of the log that closes a month, or asks that it be closed anew. */
export interface WorkClosing {
  readonly event: EventId
  readonly at: Micros
  /** `null`: by itself, when its time was over. */
  readonly by: string | null
  /** Digest of the declarations. */
  readonly declared: string
  /** Of one that closes anew: the entry that stood before, and the one that asked for it. */
  readonly replaces: string | null
  readonly asked: string | null
}

/** What the log tells of one month, the oldest first. */
export interface ToldClosings {
  readonly closed: readonly WorkClosing[]
  /** That it be closed anew. */
  readonly asked: readonly WorkClosing[]
}

/** Where the log is asked. Throws `UnavailableError`. */
export interface WorkClosings {
  of(owner: WorkKeyOwner): Promise<ToldClosings>
}

/** The first closing, and those that two people put in the place of the one before; the last of them counts. */
export function agreedClosings({ closed, asked }: ToldClosings): readonly WorkClosing[] {
  const agreed: WorkClosing[] = []
  for (const closing of closed) {
    const before = agreed.at(-1)
    if (before === undefined || isAgreed(closing, before, asked)) agreed.push(closing)
  }
  return agreed
}

function isAgreed(
  { replaces, asked: first, by, declared }: WorkClosing,
  before: WorkClosing,
  asked: readonly WorkClosing[],
): boolean {
  const ask = asked.find(({ event }) => event === first)
  return (
    replaces === before.event &&
    ask !== undefined &&
    ask.declared === declared &&
    ask.by !== null &&
    by !== null &&
    !mayBeSamePerson(ask.by, by)
  )
}
