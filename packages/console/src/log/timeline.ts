import type { AccessLogReader, EventQuery, StoredEvent } from '@varco/access-log'

/** A day of the log as it answers the filters: how many events, by outcome. */
export interface TimelineDay {
  /** The body's calendar day, `2026-11-24`. */
  readonly day: string
  readonly permit: number
  readonly deny: number
  /** Administrative ones. */
  readonly other: number
}

export interface Timeline {
  /** The latest first; days without events are left out. */
  readonly days: readonly TimelineDay[]
  /** `false`: there are older ones that were not counted. */
  readonly complete: boolean
  readonly counted: number
}

/** Beyond this a page would keep its reader waiting. */
const TIMELINE_MOST = 2_000
const STEP = 500
/** So many steps at the most, however few events they find; together they look at what a page of the log does. */
const STEPS = 4
const LOOKED_AT = 2_500

/** Counts by day the events that a query finds, the latest `TIMELINE_MOST` of them. */
export async function timelineOf(
  reader: Pick<AccessLogReader, 'search'>,
  query: Omit<EventQuery, 'limit' | 'after'>,
  dayOf: (event: StoredEvent) => string,
): Promise<Timeline> {
  const days = new Map<string, { permit: number; deny: number; other: number }>()
  let counted = 0
  let steps = 0
  let after: string | null = null
  do {
    const page = await reader.search({
      ...query,
      limit: STEP,
      lookAt: LOOKED_AT,
      ...(after === null ? {} : { after }),
    })
    for (const event of page.events) {
      const day = dayOf(event)
      const tally = days.get(day) ?? { permit: 0, deny: 0, other: 0 }
      tally[event.decision ?? 'other'] += 1
      days.set(day, tally)
    }
    counted += page.events.length
    after = page.next
    steps++
  } while (after !== null && counted < TIMELINE_MOST && steps < STEPS)
  return {
    days: [...days].map(([day, tally]) => ({ day, ...tally })),
    complete: after === null,
    counted,
  }
}
