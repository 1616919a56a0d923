import {
  isId,
  type ContractId,
  type GrantId,
  type Micros,
  type Pseudonym,
  type PurposeId,
  type ResourceName,
  type TicketId,
} from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { ACTIONS } from '../bundle/schema.ts'
import type { AccessRequest } from '../decision/request.ts'

/** What the access log kept of one access; a stored event is one. */
export interface LoggedAccess {
  readonly at: Micros
  readonly role: string | null
  readonly unit: string | null
  readonly contract: string | null
  readonly purpose: string | null
  readonly ticket: string | null
  readonly grant: string | null
  readonly action: string | null
  readonly resource: string | null
}

/**
 * The question behind a logged access, as far as the log can tell it; `null` for an entry that was none. The log holds
 * no attributes of the principal and nothing of the ticket but its id: it is taken to be open and for the purpose.
 */
export function replayedRequest(bundle: Bundle, logged: LoggedAccess): AccessRequest | null {
  const action = ACTIONS.find((each) => each === logged.action)
  if (action === undefined || logged.resource === null || logged.role === null) return null
  const contract = logged.contract === null ? null : bundle.contracts.get(logged.contract as ContractId)
  return {
    now: logged.at,
    principal: {
      kind: 'person',
      pseudonym: 'replay' as Pseudonym,
      role: logged.role,
      unit: logged.unit ?? '',
      attributes: {},
    },
    contract:
      contract === null
        ? null
        : {
            id: logged.contract as ContractId,
            processor: (contract?.processor ?? 'unknown') as never,
            state: 'active',
          },
    purpose: logged.purpose,
    ticket:
      logged.ticket === null || !isId(logged.ticket)
        ? null
        : {
            id: logged.ticket as TicketId,
            status: 'open',
            dataSubject: 'replay',
            purpose: (logged.purpose ?? '') as PurposeId,
            openedAt: logged.at,
          },
    grant:
      logged.grant === null
        ? null
        : {
            id: logged.grant as GrantId,
            resource: logged.resource as ResourceName,
            record: null,
            dataSubject: null,
            action,
            purpose: (logged.purpose ?? '') as PurposeId,
            ticket: null,
            expiresAt: logged.at + 1n,
          },
    action,
    resource: logged.resource,
  }
}
