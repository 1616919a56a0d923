import type { AccessLogReader } from '@varco/access-log'
import { MICROS_PER_SECOND, type Micros } from '@varco/core'

/** A stretch of which the log can tell nothing, or not all. */
export type CoverageGap =
  /** No process wrote: nothing was shown by the gate in that time, and whatever was done went round it. */
  | { readonly kind: 'silence'; readonly from: Micros; readonly to: Micros }
  /** Entries were taken out at the end of their term; the proof of the others holds. */
  | { readonly kind: 'pruned'; readonly at: Micros }

/** Processes write a heartbeat twice a minute: a longer silence is one. */
const SILENCE: Micros = 300n * MICROS_PER_SECOND
/** The latest starts and prunings looked at: a page must not walk through years. */
const LOOKED_AT = 5

/** The gaps in a stretch of the log, the latest first; each is found from the start of a process after it. */
export async function coverageGaps(
  reader: Pick<AccessLogReader, 'search'>,
  span: { readonly from?: Micros; readonly to?: Micros },
): Promise<readonly CoverageGap[]> {
  const [starts, prunings] = await Promise.all([
    reader.search({ ...span, kind: 'writer-started', limit: LOOKED_AT }),
    reader.search({ ...span, kind: 'log-pruned', limit: 1 }),
  ])
  const silences = await Promise.all(
    starts.events.map(async ({ at }): Promise<CoverageGap[]> => {
      // Its registration is written just before: what counts is what was there a moment earlier.
      const { events } = await reader.search({ to: at - MICROS_PER_SECOND, limit: 1 })
      const before = events[0]
      if (before === undefined || at - before.at <= SILENCE) return []
      return [{ kind: 'silence', from: before.at, to: at }]
    }),
  )
  return [...silences.flat(), ...prunings.events.map(({ at }) => ({ kind: 'pruned', at }) as const)]
}
