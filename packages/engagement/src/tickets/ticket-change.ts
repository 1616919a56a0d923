import { createHash } from 'node:crypto'
import {
  canonicalJson,
  type ContractId,
  type Micros,
  type Pseudonym,
  type PurposeId,
  type TicketId,
} from '@varco/core'
import type { Ticket } from '../facts.ts'

/** One thing that happened to a ticket, as its system told it. */
export interface TicketChange {
  readonly ticket: TicketId
  /** Whose the ticket is from then on; `null`: the body itself. */
  readonly contract: ContractId | null
  /** When it happened, by the system's account. */
  readonly at: Micros
  /** When it came to us: a ticket opened after the access it is to explain shows here. */
  readonly receivedAt: Micros
  readonly status: 'open' | 'closed'
  /** Key of the data subject; `null` while it is not known. */
  readonly dataSubject: string | null
  readonly purpose: PurposeId
  /** The contractor's own word for the kind of request. */
  readonly category: string | null
  /** In euro with two decimals, where the ticket is paid for: `4.50`. */
  readonly price: string | null
  /** Pseudonym of the service that sent it, or of the person who imported it. */
  readonly by: Pseudonym | null
  readonly source: 'feed' | 'import' | 'transfer'
}

/** What makes two messages the same one, however often and however late they come. */
export function changeDigest(change: TicketChange): string {
  const { ticket, at, status, dataSubject, purpose, category, price, source } = change
  // Of a ticket there is one handing over at a moment, and the stores name it without reading it.
  if (source === 'transfer') return `transfer-${at}`
  const told = { ticket, at: String(at), status, dataSubject, purpose, category, price }
  return createHash('sha256').update(canonicalJson(told)).digest('hex')
}

/** A ticket's changes in the order in which they happened. Of two at one moment the closing is the later. */
export function inOrder(changes: readonly TicketChange[]): readonly TicketChange[] {
  return changes.toSorted((a, b) => {
    if (a.at !== b.at) return a.at < b.at ? -1 : 1
    if (a.status !== b.status) return a.status === 'open' ? -1 : 1
    return changeDigest(a) < changeDigest(b) ? -1 : 1
  })
}

/**
 * What the changes come to, in whatever order they arrived. Whose the ticket is follows from transfers alone: no message of
 * the contractor that had it before takes it back.
 */
export function foldTicket(changes: readonly TicketChange[]): Ticket | null {
  const ordered = inOrder(changes)
  const [first] = ordered
  const last = ordered.at(-1)
  if (first === undefined || last === undefined) return null
  const transferred = ordered.findLast(({ source }) => source === 'transfer')
  const known = ordered.find(({ dataSubject }) => dataSubject !== null)
  return {
    id: first.ticket,
    contract: (transferred ?? first).contract,
    dataSubject: known?.dataSubject ?? null,
    purpose: first.purpose,
    status: last.status,
    openedAt: first.at,
    closedAt: last.status === 'closed' ? closedSince(ordered) : null,
  }
}

/** A ticket that is told closed twice was closed the first time. */
function closedSince(ordered: readonly TicketChange[]): Micros | null {
  const lastOpen = ordered.findLastIndex(({ status }) => status === 'open')
  return ordered[lastOpen + 1]?.at ?? null
}

/** What must have happened to a ticket that was put as it stands, without a history. */
export function impliedChanges(ticket: Ticket): readonly TicketChange[] {
  const { id, contract, dataSubject, purpose, openedAt, closedAt } = ticket
  const change = (status: TicketChange['status'], at: Micros): TicketChange => ({
    ...{ ticket: id, contract, at, receivedAt: at, status, dataSubject, purpose },
    ...{ category: null, price: null, by: null, source: 'import' },
  })
  return [change('open', openedAt), ...(closedAt === null ? [] : [change('closed', closedAt)])]
}
