import type { DataSubjectRef, Pseudonym } from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import type { RetentionDesk } from '../desk.ts'
import { makePlan } from '../plan-retention.ts'
import type { RetentionPlan } from '../plan.ts'
import { openPlanOf } from './open-plan-of.ts'
import { requestedResources } from './requested-resources.ts'

export interface ErasureAsked {
  /** The request's number at the desk. */
  readonly request: string
  readonly dataSubject: DataSubjectRef
  readonly by: Pseudonym
  readonly onProgress?: (records: number) => void
}

/**
 * Plans what a data subject's request for erasure (GDPR Art. 17) takes away or restricts, over the whole graph. It is
 * approved and carried out as every plan is; what became of each record is told by `requestOutcome`. Asked again while such
 * a plan is open, it is that one.
 * @throws UnavailableError when records, store or log cannot be reached: then there is no plan
 */
export async function planErasure(
  desk: RetentionDesk,
  { request, dataSubject, ...options }: ErasureAsked,
): Promise<RetentionPlan> {
  const open = await openPlanOf(desk, request, dataSubject)
  if (open !== null) return open
  // Two processes that ask at once make one, as well.
  const sole = desk.hashKey('request', JSON.stringify([request, dataSubject.kind, dataSubject.id]))
  return makePlan(
    desk,
    { ...options, sole },
    {
      kind: 'request',
      request: { id: request, dataSubject },
      rules: (day) =>
        requestedResources(desk.bundle(), dataSubject, Temporal.PlainDate.from(day)).flatMap(
          ({ rules }) => rules,
        ),
    },
  )
}
