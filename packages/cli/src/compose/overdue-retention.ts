import type { AccessLogReader } from '@varco/access-log'
import { isoToMicros, type Micros } from '@varco/core'
import { openScheduleLedger } from '@varco/postgres'
import { overdueWork, type OverdueSources, type OverdueWork, type RetentionDesk } from '@varco/retention'
import type { Services } from './services.ts'

/** While there is no timetable nothing occurs. */
export const NEVER: Micros = 2n ** 62n
/** As many of its own entries the log is asked for. */
const TOLD_LATELY = 100

interface LateDeps {
  readonly databases: Pick<Services['databases'], 'state'>
  readonly reader: Pick<AccessLogReader, 'search'>
}

/** Whether the log has an event of before a moment. */
export function logHoldsIn({ search }: Pick<AccessLogReader, 'search'>): OverdueSources['logHolds'] {
  return async (before) => (await search({ to: before, limit: 1 })).events.length > 0
}

/**
 * What is late, for whoever has no timetable: the process that keeps it told the log what was missed, and until the rule is
 * seen to it still is.
 */
export function overdueRetention(
  { databases, reader }: LateDeps,
  desk: Pick<RetentionDesk, 'bundle' | 'store' | 'outbox' | 'clock'>,
): () => Promise<readonly OverdueWork[]> {
  const ledger = openScheduleLedger(databases.state)
  return async () => {
    const missed = await missedByLog(reader)
    const nextAfter = ({ rule }: { readonly rule: string }, after: Micros): Micros => {
      const since = missed.get(rule) ?? NEVER
      return since > after ? since : NEVER
    }
    return overdueWork(desk, { ledger, timetable: { nextAfter }, logHolds: logHoldsIn(reader) })
  }
}

/** By rule, the latest occurrence that the log tells was missed. */
async function missedByLog(reader: Pick<AccessLogReader, 'search'>): Promise<ReadonlyMap<string, Micros>> {
  const { events } = await reader.search({ kind: 'retention-overdue', limit: TOLD_LATELY })
  const missed = events.flatMap(({ detail }) => {
    const { what, why, since } = detail ?? {}
    const at = typeof since === 'string' ? isoToMicros(since) : null
    return why === 'missed' && typeof what === 'string' && at !== null ? [[what, at] as const] : []
  })
  return new Map(missed.toReversed())
}
