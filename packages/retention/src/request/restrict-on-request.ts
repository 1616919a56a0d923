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

type Desk = Pick<
  RetentionDesk,
  'bundle' | 'restrictions' | 'recipients' | 'notices' | 'log' | 'clock' | 'newId' | 'hashKey' | 'pause'
>

/**
 * A data subject's request for restriction (GDPR Art. 18): at its return nobody is shown their records, and each recipient
 * has a notice waiting. Asked again while it is in force, it is the one that was placed.
 */
export async function restrictOnRequest(
  desk: Desk,
  { request, dataSubject, reason, by }: RestrictionAsked,
): Promise<RestrictionOutcome> {
  const scope = { kind: 'data-subject', dataSubject } as const
  const id = await idOf(desk, request, dataSubject)
  const outcome = await restrictRecords(desk, { scope, reason, by, request }, id)
  const told = { request, plan: null, act: 'restriction', dataSubject, resources: null } as const
  if (outcome.ok) await notifyRecipients(desk, told)
  return outcome
}

/** The same for the same request and person, whom it does not tell; one that was lifted is followed by another. */
async function idOf(
  { restrictions, hashKey }: Desk,
  request: string,
  { kind, id }: DataSubjectRef,
): Promise<string> {
  const whose = `${request}/${hashKey(`${request}\0${kind}`, id).slice(0, 16)}`
  for (let turn = 1; ; turn++) {
    const name = turn === 1 ? whose : `${whose}/${turn}`
    const known = await restrictions.restriction(name)
    if (known === null || known.liftedAt === null) return name
  }
}
