import { canonicalJson } from '@varco/core'
import type { HappenedEvent, RecordEvent } from './record-event.ts'

/** What the log says was told last of a record. */
export type LoggedEvent = Pick<RecordEvent, 'id' | 'on' | 'toldBy'>

/**
 * By hash, what the log says was told last of the event; those of which it says nothing are left out.
 * @throws UnavailableError when the log cannot say: then nothing may go
 */
export type ToldInLog = (
  resource: string,
  event: string,
  hashes: readonly string[],
) => Promise<ReadonlyMap<string, LoggedEvent>>

type HashKey = (resource: string, key: string) => string

/** Over all that a row says, under the key that is not in its database. */
export function sealOf(hashKey: HashKey, event: Omit<RecordEvent, 'seal'>): string {
  const { id, resource, hash, event: name, on, toldBy, toldAt } = event
  return hashKey(
    'seal of an event',
    canonicalJson({ id, resource, hash, event: name, on, toldBy, toldAt: String(toldAt) }),
  )
}

/**
 * Whether a row may be gone by. Whoever rules the database can change a date, move it to another record, add a row or take
 * the last one away, and put an entry into the log's tables for as long as a run takes: so the seal must hold, and the row be
 * what the log says was told last. Where the log says nothing, for its months are pruned, the seal alone must do; that a
 * correction as old as that is gone cannot be known. What was told before there were seals is told again.
 */
export function isProven(
  hashKey: HashKey,
  { seal, ...row }: HappenedEvent,
  logged: LoggedEvent | undefined,
): boolean {
  if (seal === null || seal !== sealOf(hashKey, row)) return false
  return (
    logged === undefined || (logged.id === row.id && logged.on === row.on && logged.toldBy === row.toldBy)
  )
}
