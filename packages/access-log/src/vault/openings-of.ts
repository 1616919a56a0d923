import type { Micros, Pseudonym } from '@varco/core'
import type { AccessLogReader } from '../reader.ts'

/** An opening, as the worker whose identity it was may see it. */
export interface Opening {
  readonly at: Micros
  readonly caseId: string
  readonly reason: string
  readonly requestedBy: string
  readonly approvedBy: string
}

const PAGE = 500

/** Who opened this pseudonym's identity, newest first: the log itself tells it, and needs no key for that. */
export async function openingsOf(
  reader: Pick<AccessLogReader, 'search'>,
  pseudonym: Pseudonym,
): Promise<readonly Opening[]> {
  const openings: Opening[] = []
  let after: string | null = null
  do {
    const page = await reader.search({
      kind: 'identity-opened',
      limit: PAGE,
      ...(after === null ? {} : { after }),
    })
    for (const { at, operator, detail } of page.events) {
      if (detail?.['pseudonym'] !== pseudonym) continue
      const said = (key: string): string => {
        const value = detail[key]
        return typeof value === 'string' ? value : ''
      }
      openings.push({
        at,
        caseId: said('case'),
        reason: said('reason'),
        requestedBy: said('requestedBy'),
        approvedBy: operator ?? '',
      })
    }
    after = page.next
  } while (after !== null)
  return openings
}
