import type { AccessRule } from './access-case.ts'

const MINUTE_US = 60_000_000

/** The ticket given did not exist yet: it was made to fit. */
export const ticketAfterAccess: AccessRule = (access) => {
  const { ticket, event, settings } = access
  if (!access.showed || ticket === null) return null
  const { tolerance_minutes: tolerance } = settings.alerts['ticket-after-access']
  const minutes = Math.floor((ticket.openedAt - event.at) / MINUTE_US)
  if (minutes <= tolerance) return null
  // One about somebody else was mistyped, not made to fit.
  const fits = access
    .unexplained('ticket-after-access')
    .some((lookup) => ticket.subjects.length === 0 || ticket.subjects.includes(lookup))
  if (!fits) return null
  return { facts: [{ code: 'ticket-opened-after', ticket: ticket.id, minutes }] }
}
