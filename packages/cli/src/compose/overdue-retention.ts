import type { AccessLogReader, EventPage } from '@varco/access-log'
import { isoToMicros, type Micros } from '@varco/core'
import { openScheduleLedger } from '@varco/postgres'
import { overdueWork, type OverdueSources, type OverdueWork, type RetentionDesk } from '@varco/retention'
import type { Services } from './services.ts'

/** While there is no timetable nothing occurs. */
export const NEVER: Micros = 2n ** 62n
/** As many of its own entries the log is asked for at once. */
const PAGE = 500

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
    const missed = await missedByLog(
      reader,
      (await ledger.seen()).map(({ at }) => at),
    )
    const nextAfter = ({ rule }: { readonly rule: string }, after: Micros): Micros => {
      const since = missed.get(rule) ?? NEVER
      return since > after ? since : NEVER
    }
    return overdueWork(desk, { ledger, timetable: { nextAfter }, logHolds: logHoldsIn(reader) })
  }
}

/**
 * By rule, the latest occurrence that the log tells was missed.
 * @param seen when each rule was seen to last: what was told before any was is over
 */
async function missedByLog(
  reader: Pick<AccessLogReader, 'search'>,
  seen: readonly Micros[],
): Promise<ReadonlyMap<string, Micros>> {
  const missed = new Map<string, Micros>()
  const [first] = seen.toSorted((a, b) => (a < b ? -1 : 1))
  if (first === undefined) return missed
  // To the last page: whatever else is late is told under the same kind, and anew by each process that starts.
  for (let after: string | null = null; ;) {
    const query = { kind: 'retention-overdue', from: first, limit: PAGE } as const
    const page: EventPage = await reader.search(after === null ? query : { ...query, after })
    for (const { detail } of page.events) {
      const { what, why, since } = detail ?? {}
      const at = typeof since === 'string' ? isoToMicros(since) : null
      if (why === 'missed' && typeof what === 'string' && at !== null && at > (missed.get(what) ?? 0n))
        missed.set(what, at)
    }
    if (page.next === null) return missed
    after = page.next
  }
}
