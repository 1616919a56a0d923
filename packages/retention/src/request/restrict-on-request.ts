import type { DataSubjectRef, Pseudonym } from '@varco/core'
import type { RetentionDesk } from '../desk.ts'
import { restrictRecords, type RestrictionOutcome } from '../restrict-records.ts'
import { notifyRecipients } from './notify-recipients.ts'

export interface RestrictionAsked {
  /** The request's number at the desk. */
  readonly request: string
  readonly dataSubject: DataSubjectRef
  /** Which case of Art. 18(1) it is, in words. */
  readonly reason: string
  readonly by: Pseudonym
}

/** A data subject's request for restriction (GDPR Art. 18): at its return nobody is shown their records, and each recipient has a notice waiting. */
export async function restrictOnRequest(
  desk: Pick<
    RetentionDesk,
    'restrictions' | 'recipients' | 'notices' | 'log' | 'clock' | 'newId' | 'pause' | 'hashKey'
  >,
  { request, dataSubject, reason, by }: RestrictionAsked,
): Promise<RestrictionOutcome> {
  const scope = { kind: 'data-subject', dataSubject } as const
  const outcome = await restrictRecords(desk, { scope, reason, by, request })
  const told = { request, plan: null, act: 'restriction', dataSubject, resources: null } as const
  if (outcome.ok) await notifyRecipients(desk, told)
  return outcome
}
