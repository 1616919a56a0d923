import type { SubjectLookup } from '@varco/access-log'
import type { AccessRule } from './access-case.ts'

/** Records of somebody the ticket given is not about; a ticket that names nobody contradicts nothing. */
export const ticketOfAnother: AccessRule = (access) => {
  const { ticket } = access
  if (!access.showed || ticket === null || ticket.subjects.length === 0) return null
  const isNamed = (lookup: SubjectLookup): boolean => ticket.subjects.includes(lookup)
  if (access.event.subjects.every(isNamed)) return null
  const others = access.event.subjects.filter((lookup) => !isNamed(lookup))
  const unexplained = access.unexplained('ticket-of-another')
  const people = others.filter((lookup) => unexplained.includes(lookup))
  return people.length === 0 ? null : { people, facts: [{ code: 'ticket-of-another', ticket: ticket.id }] }
}
