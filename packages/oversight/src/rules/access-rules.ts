import type { AlertRuleId } from '../alerts/alert.ts'
import type { AccessRule } from './access-case.ts'
import { afterTermination } from './after-termination.ts'
import { judicialProbing } from './judicial-probing.ts'
import { canary, colleague, family, self, vip } from './kinship.ts'
import { noTicket } from './no-ticket.ts'
import { offHours } from './off-hours.ts'
import { outOfArea } from './out-of-area.ts'
import { retriedElsewhere } from './retried-elsewhere.ts'
import { ticketAfterAccess } from './ticket-after-access.ts'
import { ticketOfAnother } from './ticket-of-another.ts'

/** Rules that look at one access and what is known around it. */
export const ACCESS_RULES: readonly (readonly [AlertRuleId, AccessRule])[] = [
  ['no-ticket', noTicket],
  ['ticket-of-another', ticketOfAnother],
  ['ticket-after-access', ticketAfterAccess],
  ['self', self],
  ['family', family],
  ['colleague', colleague],
  ['vip', vip],
  ['canary', canary],
  ['after-termination', afterTermination],
  ['out-of-area', outOfArea],
  ['retried-elsewhere', retriedElsewhere],
  ['judicial-probing', judicialProbing],
  ['off-hours', offHours],
]

/** Rules that count people; the others count events. */
export const COUNTS_PEOPLE: ReadonlySet<AlertRuleId> = new Set([
  ...(['ticket-of-another', 'self', 'family', 'colleague', 'vip', 'canary', 'out-of-area'] as const),
])
