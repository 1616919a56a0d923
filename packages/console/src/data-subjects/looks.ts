import type { AccessLogReader, StoredEvent } from '@varco/access-log'
import type { DataSubjectRef, Micros } from '@varco/core'

/** Accesses to one person's data in one month, by one company's unit, for one purpose. */
export interface Look {
  /** `2026-11` */
  readonly month: string
  readonly processor: string | null
  readonly unit: string | null
  readonly purpose: string | null
  readonly accesses: number
  readonly denied: number
  readonly lastAt: Micros
}

export interface Looks {
  /** The latest month first, within it the one who looked most. */
  readonly looks: readonly Look[]
  readonly counted: number
  /** `false`: there are older ones that were not counted. */
  readonly complete: boolean
}

/** Beyond this a page would keep its reader waiting; the report of Art. 15 has them all. */
export const LOOKS_MOST = 2_000
const STEP = 500

/** Who looked at a data subject's records: companies and units, never single people. */
export async function looksAt(
  reader: Pick<AccessLogReader, 'search'>,
  dataSubject: DataSubjectRef,
  monthOf: (at: Micros) => string,
): Promise<Looks> {
  const events: StoredEvent[] = []
  let after: string | null = null
  do {
    const page = await reader.search({
      kind: 'access',
      dataSubject,
      limit: STEP,
      ...(after === null ? {} : { after }),
    })
    events.push(...page.events)
    after = page.next
  } while (after !== null && events.length < LOOKS_MOST)
  const groups = Map.groupBy(events, ({ at, processor, unit, purpose }) =>
    JSON.stringify([monthOf(at), processor, unit, purpose]),
  )
  const looks = [...groups.values()].flatMap((group): Look[] => {
    const [first] = group
    if (first === undefined) return []
    const { at, processor, unit, purpose } = first
    const denied = group.filter(({ decision }) => decision === 'deny').length
    return [{ month: monthOf(at), processor, unit, purpose, accesses: group.length, denied, lastAt: at }]
  })
  return {
    looks: looks.sort((a, b) => b.month.localeCompare(a.month) || b.accesses - a.accesses),
    counted: events.length,
    complete: after === null,
  }
}
