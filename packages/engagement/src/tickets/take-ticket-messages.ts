import {
  asId,
  isId,
  type ContractId,
  type Localized,
  type Micros,
  type Pseudonym,
  type PurposeId,
  type TicketId,
} from '@varco/core'
import type { Bundle } from '@varco/policy'
import { changeDigest, foldTicket, inOrder, type TicketChange } from './ticket-change.ts'
import type { TicketHistories, TicketStore } from './ticket-store.ts'

/** A ticket as its system tells of it at one moment. What is absent stays as it is known. */
export interface TicketMessage {
  readonly id: string
  readonly at: Micros
  readonly status?: 'open' | 'closed'
  readonly dataSubject?: string | null
  readonly purpose?: string
  readonly category?: string | null
  readonly price?: string | null
}

/** Who sends them: the tickets are that contract's. */
export interface TicketSender {
  readonly contract: ContractId | null
  readonly by: Pseudonym
  readonly source: 'feed' | 'import'
}

export interface TicketDesk {
  readonly store: TicketStore
}

export const TICKET_REFUSALS = {
  'bad-ticket-id': {
    it: 'Il numero della pratica non ha la forma prevista.',
    en: 'The ticket’s number does not have the expected form.',
  },
  'ticket-taken': {
    it: 'Il numero è di una pratica di un altro contratto.',
    en: 'The number is that of another contract’s ticket.',
  },
  'unknown-ticket': { it: 'La pratica non esiste.', en: 'There is no such ticket.' },
  'purpose-missing': { it: 'Manca la finalità.', en: 'The purpose is missing.' },
  'unknown-purpose': { it: 'La finalità non esiste.', en: 'The purpose does not exist.' },
  'purpose-fixed': {
    it: 'La finalità di una pratica non cambia: se ne apre un’altra.',
    en: 'A ticket’s purpose does not change: another is opened.',
  },
  'data-subject-fixed': {
    it: 'L’interessato di una pratica non cambia: se ne apre un’altra.',
    en: 'A ticket’s data subject does not change: another is opened.',
  },
  'from-the-future': {
    it: 'Il momento indicato deve ancora venire.',
    en: 'The moment given is still to come.',
  },
  'bad-price': {
    it: 'Il prezzo è in euro con due decimali al più: 4.50.',
    en: 'The price is in euro with two decimals at most: 4.50.',
  },
  'bad-value': { it: 'Un valore non ha la forma prevista.', en: 'A value does not have the expected form.' },
} as const satisfies Record<string, Localized>

export type TicketRefusalCode = keyof typeof TICKET_REFUSALS

export type TicketVerdict = 'new' | 'changed' | 'unchanged' | TicketRefusalCode

/** Clocks of other systems run ahead of ours by so much at most. */
const SKEW: Micros = 300_000_000n
const PRICE = /^\d{1,9}(?:\.\d{1,2})?$/
const LONGEST = 256

/**
 * Takes messages of a contractor's system, in whatever order and however often they come; either all of them or, where one
 * is refused, none. A ticket's purpose and data subject are fixed once they are known: one ticket must not open one file
 * after another.
 * @returns what each came to, in their order
 */
export async function takeTicketMessages(
  desk: TicketDesk,
  occasion: TicketOccasion,
  sender: TicketSender,
  messages: readonly TicketMessage[],
): Promise<readonly TicketVerdict[]> {
  return weighedInStore(desk, occasion, sender, messages, ({ verdicts, added }) =>
    verdicts.some(isRefusedTicket) ? [] : added,
  )
}

/** What each message would come to if they came now; nothing is taken. */
export async function weighTicketMessages(
  desk: TicketDesk,
  occasion: TicketOccasion,
  sender: TicketSender,
  messages: readonly TicketMessage[],
): Promise<readonly TicketVerdict[]> {
  return weighedInStore(desk, occasion, sender, messages, () => [])
}

interface Weighed {
  readonly verdicts: readonly TicketVerdict[]
  readonly added: readonly TicketChange[]
}

async function weighedInStore(
  { store }: TicketDesk,
  occasion: TicketOccasion,
  sender: TicketSender,
  messages: readonly TicketMessage[],
  taken: (weighed: Weighed) => readonly TicketChange[],
): Promise<readonly TicketVerdict[]> {
  let verdicts: readonly TicketVerdict[] = []
  await store.changeTickets(idsOf(messages), (known) => {
    const weighed = weigh(occasion, sender, messages, known)
    verdicts = weighed.verdicts
    return taken(weighed)
  })
  return verdicts
}

interface TicketOccasion {
  readonly bundle: Bundle
  readonly now: Micros
}

function idsOf(messages: readonly TicketMessage[]): readonly TicketId[] {
  return [...new Set(messages.map(({ id }) => id))].filter((id) => isId(id)).map((id) => asId<TicketId>(id))
}

function weigh(
  { bundle, now }: TicketOccasion,
  sender: TicketSender,
  messages: readonly TicketMessage[],
  known: TicketHistories,
): Weighed {
  const histories = new Map(known)
  const added: TicketChange[] = []
  const verdicts = messages.map((message): TicketVerdict => {
    const history = histories.get(asId<TicketId>(message.id)) ?? []
    const judged = judge(bundle, now, sender, message, history)
    if (typeof judged === 'string') return judged
    if (history.some((change) => changeDigest(change) === changeDigest(judged))) return 'unchanged'
    histories.set(judged.ticket, [...history, judged])
    added.push(judged)
    return history.length === 0 ? 'new' : 'changed'
  })
  return { verdicts, added }
}

export function isRefusedTicket(verdict: TicketVerdict): verdict is TicketRefusalCode {
  return Object.hasOwn(TICKET_REFUSALS, verdict)
}

function judge(
  bundle: Bundle,
  now: Micros,
  { by, contract, source }: TicketSender,
  message: TicketMessage,
  history: readonly TicketChange[],
): TicketChange | TicketRefusalCode {
  const { at, category, id, price } = message
  if (!isId(id)) return 'bad-ticket-id'
  if (at > now + SKEW) return 'from-the-future'
  if (price !== undefined && price !== null && !PRICE.test(price)) return 'bad-price'
  if (![message.dataSubject, category].every(mayBeKept)) return 'bad-value'
  const known = foldTicket(history)
  if (known !== null && known.contract !== contract) return 'ticket-taken'
  const purpose = message.purpose ?? known?.purpose
  if (purpose === undefined) return 'purpose-missing'
  if (!bundle.purposes.has(asId<PurposeId>(purpose))) return 'unknown-purpose'
  if (known !== null && known.purpose !== purpose) return 'purpose-fixed'
  const told = message.dataSubject ?? null
  if (told !== null && known !== null && known.dataSubject !== null && known.dataSubject !== told)
    return 'data-subject-fixed'
  const heard = history.filter((change) => change.source !== 'transfer')
  // The same one, come again: what has become known since was not in it.
  const same = heard.findLast(
    (change) => change.at === at && (message.status === undefined || message.status === change.status),
  )
  const last = same ?? heard.at(-1)
  return {
    ticket: asId<TicketId>(id),
    contract,
    at,
    receivedAt: now,
    status: message.status ?? statusAt(history, at),
    dataSubject: told ?? (same ?? known)?.dataSubject ?? null,
    purpose: asId<PurposeId>(purpose),
    category: category === undefined ? (last?.category ?? null) : category,
    price: price === undefined ? (last?.price ?? null) : withCents(price),
    by,
    source,
  }
}

/** Whether a ticket may have this text. */
export function mayBeKept(text: string | null | undefined): boolean {
  return typeof text !== 'string' || (text !== '' && text.length <= LONGEST && !text.includes('\0'))
}

/** As it stood then, by what is known now. */
function statusAt(history: readonly TicketChange[], at: Micros): TicketChange['status'] {
  return inOrder(history).findLast((change) => change.at <= at)?.status ?? 'open'
}

/** `4.5` and `4.50` are one price. */
function withCents(price: string | null): string | null {
  if (price === null) return null
  const [euro = '0', cents = ''] = price.split('.')
  return `${euro.replace(/^0+(?=\d)/, '')}.${cents.padEnd(2, '0')}`
}
