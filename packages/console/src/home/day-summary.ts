import type { AccessLogReader, StoredEvent } from '@varco/access-log'
import type { Micros } from '@varco/core'

/** Counts of one outcome next to the other. */
export interface Tally {
  readonly permit: number
  readonly deny: number
}

/** The accesses of a stretch of time, counted. Says nothing of single persons. */
export interface DaySummary extends Tally {
  /** Permitted ones that showed something masked. */
  readonly masked: number
  /** `false`: there were more than was counted; the figures are of the most recent. */
  readonly complete: boolean
  /** Most first. The key is the processor, `null` for the body's own staff. */
  readonly byProcessor: readonly (readonly [processor: string | null, Tally])[]
  readonly byPurpose: readonly (readonly [purpose: string | null, Tally])[]
  /** By the hour the event falls in, as given by `hourOf`. */
  readonly byHour: ReadonlyMap<number, Tally>
  /** First reason of each denied access. */
  readonly byReason: readonly (readonly [reason: string, number])[]
}

/** Beyond this a page would keep its reader waiting. */
export const COUNTED_AT_MOST = 5_000
const STEP = 500

/** Counts the accesses between two instants, newest first, `COUNTED_AT_MOST` of them. */
export async function summariseDay(
  reader: AccessLogReader,
  span: { readonly from: Micros; readonly to: Micros },
  hourOf: (at: Micros) => number,
): Promise<DaySummary> {
  const events: StoredEvent[] = []
  let after: string | null = null
  do {
    const page = await reader.search({
      ...span,
      kind: 'access',
      limit: STEP,
      ...(after === null ? {} : { after }),
    })
    events.push(...page.events)
    after = page.next
  } while (after !== null && events.length < COUNTED_AT_MOST)

  const denied = events.filter(({ decision }) => decision === 'deny')
  return {
    ...tallyOf(events),
    masked: events.filter(({ decision, masked }) => decision === 'permit' && masked.length > 0).length,
    complete: after === null,
    byProcessor: talliesBy(events, ({ processor }) => processor),
    byPurpose: talliesBy(events, ({ purpose }) => purpose),
    byHour: new Map(talliesBy(events, ({ at }) => hourOf(at))),
    byReason: talliesBy(denied, ({ reasons }) => reasons[0] ?? 'no-rule').map(([reason, { deny }]) => [
      reason,
      deny,
    ]),
  }
}

function tallyOf(events: readonly StoredEvent[]): Tally {
  const permit = events.filter(({ decision }) => decision === 'permit').length
  return { permit, deny: events.length - permit }
}

function talliesBy<K>(
  events: readonly StoredEvent[],
  keyOf: (event: StoredEvent) => K,
): readonly (readonly [K, Tally])[] {
  return [...Map.groupBy(events, keyOf)]
    .map(([key, group]) => [key, tallyOf(group)] as const)
    .sort(([, a], [, b]) => b.permit + b.deny - (a.permit + a.deny))
}
