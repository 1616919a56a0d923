import type { AccessRule, AccessCase } from './access-case.ts'
import type { WatchedTicket } from '../facts/ticket-facts.ts'
import type { RecentRefusal } from '../watch/watch-store.ts'

const MINUTE_US = 60_000_000

/**
 * Refused, and minutes later shown the same kind of record for another purpose, with another ticket or under another name.
 * Whoever only mistyped has a ticket about the data subject that was open before the refusal; whoever went on to the next
 * matter has one of its own.
 */
export const retriedElsewhere: AccessRule = (access) => {
  const { event, around } = access
  if (!access.showed || around.refusals.length === 0) return null
  const refusal = retried(access)
  if (refusal === null || correctsPurpose(access, refusal) || takesUpTicket(access, refusal)) return null
  if (isNextMatter(access, refusal) && !wasExcusedBefore(access, refusal)) return null
  const unexplained = new Set(access.unexplainedBy(['grant', 'role']))
  const people = event.subjects.filter(
    (lookup) => unexplained.has(lookup) && !hadTicketBefore(access, lookup, refusal),
  )
  if (people.length === 0) return null
  const { resource, reason } = refusal
  const minutes = Math.floor((event.at - refusal.at) / MINUTE_US)
  return {
    facts: [
      { code: 'refused', resource, reason, event: refusal.event },
      { code: 'then-shown', resource, minutes, change: changeOf(access, refusal) },
    ],
    events: [refusal.event],
  }
}

/** The refusal that this access is believed to have nothing to do with: the benefit of the doubt is given, and remembered. */
export function excusedRefusal(access: AccessCase): RecentRefusal | null {
  if (!access.showed || access.around.refusals.length === 0) return null
  const refusal = retried(access)
  if (refusal === null || correctsPurpose(access, refusal) || takesUpTicket(access, refusal)) return null
  return isNextMatter(access, refusal) && !wasExcusedBefore(access, refusal) ? refusal : null
}

/** For so long nobody is believed again. */
export const EXCUSE_LASTS_US = 7 * 86_400_000_000

/**
 * Whoever wants to see a person may be refused naming a ticket about somebody else, and then have one opened: one such
 * refusal cannot be told from going on to the next matter, but who does it again within a week is not believed.
 */
function wasExcusedBefore({ event, around }: AccessCase, refusal: RecentRefusal): boolean {
  return around.refusals.some(
    ({ event: id, operator, excused }) =>
      excused !== undefined &&
      operator === event.operator &&
      event.at - excused.at <= EXCUSE_LASTS_US &&
      (id !== refusal.event || excused.ticket !== event.ticket),
  )
}

/** The last refusal that this access goes around; they are in the order of their times. */
function retried(access: AccessCase): RecentRefusal | null {
  const { event, settings, around } = access
  const oldest = event.at - settings.alerts['retried-elsewhere'].within_minutes * MINUTE_US
  for (let i = around.refusals.length - 1; i >= 0; i--) {
    const earlier = around.refusals[i]
    if (earlier === undefined || earlier.at < oldest) return null
    if (!earlier.settled && earlier.at <= event.at && goesAround(access, earlier)) return earlier
  }
  return null
}

function goesAround({ event }: AccessCase, earlier: RecentRefusal): boolean {
  if (earlier.resource !== event.resource || earlier.contract !== event.contract) return false
  const same = earlier.operator === event.operator
  if (!same && (earlier.workstation === null || earlier.workstation !== event.workstation)) return false
  return !same || earlier.purpose !== event.purpose || earlier.ticket !== event.ticket
}

/** The same ticket, with the purpose it is for: what was refused was a slip. */
function correctsPurpose({ event, ticket }: AccessCase, refusal: RecentRefusal): boolean {
  return (
    ticket !== null &&
    ticket.id === refusal.ticket &&
    ticket.purpose === event.purpose &&
    ticket.openedAt <= refusal.at &&
    (ticket.subjects.length === 0 || event.subjects.every((lookup) => ticket.subjects.includes(lookup)))
  )
}

/**
 * The wrong purpose was chosen for a ticket that was there, and then the one it is for, whether the ticket is named this time
 * or not: forgetting to name it is for other rules.
 */
function takesUpTicket({ event }: AccessCase, { operator, purpose, ticketPurpose }: RecentRefusal): boolean {
  return operator === event.operator && ticketPurpose === event.purpose && purpose !== event.purpose
}

/** Refusals for what the work was for: whose record it would have been did not come into it. */
const FOR_THE_PURPOSE: ReadonlySet<string> = new Set(['outside-annex', 'ticket-other-purpose'])

/**
 * Refused for the purpose, and then another matter came in: its own ticket is for this purpose and names everybody shown,
 * and what was refused was about somebody else. It is believed once a week. Where that is not known, or somebody was refused for whose record it was,
 * a ticket made since then explains nothing: whoever was refused can have one opened.
 */
function isNextMatter(access: AccessCase, refusal: RecentRefusal): boolean {
  const { event, ticket } = access
  return (
    FOR_THE_PURPOSE.has(refusal.reason) &&
    refusal.operator === event.operator &&
    ticket !== null &&
    ticket.id !== refusal.ticket &&
    ticket.purpose === event.purpose &&
    event.subjects.every((lookup) => access.covers(ticket, lookup, event.at)) &&
    wasAboutOthers(access, refusal)
  )
}

/** The ticket that was refused was there then, and names people of whom none is shown now. */
function wasAboutOthers({ event, around }: AccessCase, refusal: RecentRefusal): boolean {
  const refused = refusal.ticket === null ? undefined : around.tickets.byId.get(refusal.ticket)
  return (
    refused !== undefined &&
    refused.contract === refusal.contract &&
    refused.openedAt <= refusal.at &&
    refused.subjects.length > 0 &&
    !event.subjects.some((lookup) => refused.subjects.includes(lookup))
  )
}

/** Another than the one that was refused for its purpose, unless it is for what it is now used for. */
function hadTicketBefore(access: AccessCase, lookup: RecentTicketLookup, refusal: RecentRefusal): boolean {
  const wasRefused = ({ id, purpose }: WatchedTicket): boolean =>
    FOR_THE_PURPOSE.has(refusal.reason) && id === refusal.ticket && purpose !== access.event.purpose
  const isOlder = (ticket: WatchedTicket): boolean =>
    ticket.openedAt <= refusal.at && !wasRefused(ticket) && access.covers(ticket, lookup, access.event.at)
  return (access.ticket !== null && isOlder(access.ticket)) || access.tickets(lookup).some(isOlder)
}

type RecentTicketLookup = AccessCase['event']['subjects'][number]

function changeOf({ event }: AccessCase, earlier: RecentRefusal): 'purpose' | 'ticket' | 'name' {
  if (earlier.operator !== event.operator) return 'name'
  return earlier.purpose === event.purpose ? 'ticket' : 'purpose'
}
