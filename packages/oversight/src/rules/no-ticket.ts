import type { AccessRule } from './access-case.ts'

/** Records shown without a ticket, or with one that does not exist, where work goes by ticket. */
export const noTicket: AccessRule = (access) => {
  const { event, ticket, around } = access
  const purpose = event.purpose ?? ''
  if (!access.showed || ticket !== null || !around.setup.ticketPurposes.has(purpose)) return null
  if (access.unexplained('no-ticket').length === 0) return null
  return {
    facts: [
      event.ticket === null
        ? { code: 'no-ticket', purpose }
        : { code: 'unknown-ticket', ticket: event.ticket },
    ],
  }
}
