import type { DataSubjectRequest } from './request.ts'

/** Why no report on a person is made for a request: it is over, asks for something else, or may be anybody’s. */
export type Unanswerable = 'closed' | 'other-right' | 'unconfirmed'

/** Whether a request may be answered with a report on who asked (GDPR Art. 15); `null`: it may. */
export function unanswerable({
  identity,
  outcome,
  right,
}: Pick<DataSubjectRequest, 'identity' | 'outcome' | 'right'>): Unanswerable | null {
  if (outcome !== null) return 'closed'
  if (right !== 'access') return 'other-right'
  return identity.state === 'confirmed' ? null : 'unconfirmed'
}
