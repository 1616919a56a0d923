import {
  isoToMicros,
  type ContractId,
  type GrantId,
  type Micros,
  type ProcessorId,
  type Pseudonym,
  type PurposeId,
  type ResourceName,
  type TicketId,
} from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import type { CaseDocument } from '../bundle/schema.ts'
import type { AccessRequest, GrantFacts, TicketFacts } from '../decision/request.ts'
import { INTERNAL } from '../decision/rule-index.ts'

const GOLDEN_TICKET = 'golden-ticket' as TicketId

/** The question a golden case asks, with its frozen `now`. */
export function caseRequest(bundle: Bundle, golden: CaseDocument): AccessRequest {
  const { as } = golden
  const contract = as.contract as ContractId
  return {
    now: instant(golden.now),
    principal: {
      kind: 'person',
      pseudonym: 'golden-case' as Pseudonym,
      role: as.role,
      unit: as.unit,
      attributes: as.attributes,
    },
    contract:
      as.contract === INTERNAL
        ? null
        : {
            id: contract,
            processor: bundle.contracts.get(contract)?.processor ?? ('' as ProcessorId),
            state: as.state ?? 'active',
          },
    purpose: golden.purpose ?? null,
    ticket: ticketOf(golden),
    grant: grantOf(golden),
    action: golden.action,
    resource: golden.resource,
  }
}

function ticketOf({ ticket }: CaseDocument): TicketFacts | 'unknown' | null {
  if (ticket === undefined || ticket === 'unknown') return ticket ?? null
  return {
    id: GOLDEN_TICKET,
    status: ticket.status,
    dataSubject: ticket.data_subject,
    purpose: ticket.purpose as PurposeId,
    openedAt: instant(ticket.opened_at),
  }
}

/** What the case's grant leaves out is as the case asks. */
function grantOf({ action, grant, purpose, resource, ticket }: CaseDocument): GrantFacts | null {
  if (grant === undefined) return null
  return {
    id: 'golden-grant' as GrantId,
    resource: (grant.resource ?? resource) as ResourceName,
    record: grant.record ?? null,
    dataSubject: grant.data_subject ?? null,
    action: grant.action ?? action,
    purpose: (grant.purpose ?? purpose ?? '') as PurposeId,
    ticket: ticketOfGrant(grant.ticket, ticket),
    expiresAt: instant(grant.expires_at),
  }
}

function ticketOfGrant(which: 'own' | 'other' | undefined, ticket: CaseDocument['ticket']): TicketId | null {
  if (which === 'other') return 'other-ticket' as TicketId
  return ticket === undefined ? null : GOLDEN_TICKET
}

function instant(iso: string): Micros {
  // INVARIANT: the schema let nothing else through; a case with more than six decimals is at the epoch and fails.
  return isoToMicros(iso) ?? 0n
}
