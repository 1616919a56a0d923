import { asId, type ContractId, type Micros } from '@varco/core'
import type { AccessRequest, Action, Bundle, Scalar } from '@varco/policy'

/** Stands for the body's own staff where a contract could be named. */
export const INTERNAL = 'internal'
/** Whom the imagined ticket is about. */
export const IMAGINED_SUBJECT = 'INTERESSATO-1'

/** A question to the policy that nobody has really asked. */
export interface Question {
  /** A contract's id, or `internal`. */
  readonly contract: string
  readonly role: string
  readonly unit: string
  readonly attributes: Readonly<Record<string, Scalar | readonly Scalar[]>>
  readonly purpose: string | null
  readonly action: Action
  readonly resource: string
  readonly ticket: boolean
  readonly grant: boolean
}

const AN_HOUR: Micros = 3_600_000_000n

/** The request the proxy would put to the policy, with the ticket and the grant imagined. */
export function hypotheticalRequest(bundle: Bundle, question: Question, now: Micros): AccessRequest {
  const contract =
    question.contract === INTERNAL ? null : bundle.contracts.get(question.contract as ContractId)
  return {
    now,
    principal: {
      kind: 'person',
      pseudonym: asId('simulation'),
      role: question.role,
      unit: question.unit,
      attributes: question.attributes,
    },
    contract:
      contract === null
        ? null
        : { id: asId(question.contract), processor: contract?.processor ?? asId('none'), state: 'active' },
    purpose: question.purpose,
    ticket:
      question.ticket && question.purpose !== null
        ? {
            id: asId('simulation'),
            status: 'open',
            dataSubject: IMAGINED_SUBJECT,
            purpose: asId(question.purpose),
            openedAt: now,
          }
        : null,
    grant: question.grant
      ? {
          id: asId('simulation'),
          resource: asId(question.resource),
          record: null,
          dataSubject: null,
          action: question.action,
          purpose: asId(question.purpose ?? ''),
          ticket: null,
          expiresAt: now + AN_HOUR,
        }
      : null,
    action: question.action,
    resource: question.resource,
  }
}
