import { asId, type EventId, type Micros, type Pseudonym } from '@varco/core'
import type { AccessLogReader } from '../reader.ts'

/** An opening, as the worker whose identity it was may see it. */
export interface Opening {
  /** The entry of the log that records it. */
  readonly event: EventId
  readonly at: Micros
  readonly caseId: string
  readonly reason: string
  readonly requestedBy: string
  readonly approvedBy: string
}

type Reader = Pick<AccessLogReader, 'search'>

const PAGE = 500

/** Who opened this pseudonym's identity, newest first: the log itself tells it, and needs no key for that. */
export async function openingsOf(reader: Reader, pseudonym: Pseudonym): Promise<readonly Opening[]> {
  const openings: Opening[] = []
  for await (const { pseudonym: opened, ...opening } of everyOpening(reader))
    if (opened === pseudonym) openings.push(opening)
  return openings
}

/** The last opening of each of these pseudonyms for this very case, by two people. */
export async function openingsForCase(
  reader: Reader,
  caseId: string,
  pseudonyms: ReadonlySet<string>,
): Promise<ReadonlyMap<Pseudonym, Opening>> {
  const openings = new Map<Pseudonym, Opening>()
  for await (const { pseudonym, ...opening } of everyOpening(reader)) {
    const { requestedBy, approvedBy } = opening
    if (opening.caseId !== caseId || !pseudonyms.has(pseudonym) || openings.has(pseudonym)) continue
    if (requestedBy !== '' && approvedBy !== '' && requestedBy !== approvedBy)
      openings.set(pseudonym, opening)
  }
  return openings
}

/** Newest first. */
async function* everyOpening(reader: Reader): AsyncGenerator<Opening & { readonly pseudonym: Pseudonym }> {
  let after: string | null = null
  do {
    const page = await reader.search({
      kind: 'identity-opened',
      limit: PAGE,
      ...(after === null ? {} : { after }),
    })
    for (const { id, at, operator, detail } of page.events) {
      const said = (key: string): string => {
        const value = detail?.[key]
        return typeof value === 'string' ? value : ''
      }
      yield {
        pseudonym: asId<Pseudonym>(said('pseudonym')),
        ...{ event: id, at, caseId: said('case'), reason: said('reason') },
        ...{ requestedBy: said('requestedBy'), approvedBy: operator ?? '' },
      }
    }
    after = page.next
  } while (after !== null)
}
