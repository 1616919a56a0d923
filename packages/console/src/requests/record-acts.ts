import type { DataSubjectRef, Pseudonym } from '@varco/core'
import type { DataSubjectRequest, Right } from '@varco/reports'
import { planErasure, restrictOnRequest, type RetentionDesk, type RetentionRefused } from '@varco/retention'
import type { Act } from '../act/act.ts'
import type { Visit } from '../visit/visit.ts'
import { recordActsText } from './record-acts-text.ts'

/** What a request of Art. 17 or 18 lets one do to the records of who asked. */
export const RECORD_ACTS = ['erase', 'restrict'] as const
export type RecordActName = (typeof RECORD_ACTS)[number]

const OF_RIGHT: Partial<Readonly<Record<Right, RecordActName>>> = {
  erasure: 'erase',
  restriction: 'restrict',
}

/** The act a request calls for; `null`: it is about something else, or closed. */
export function recordActOf({ right, outcome }: DataSubjectRequest): RecordActName | null {
  return outcome === null ? (OF_RIGHT[right] ?? null) : null
}

/** Nobody’s records are touched at the word of somebody who may be anybody. */
export function mayTouchRecords({ identity, identifier }: DataSubjectRequest): boolean {
  return identity.state === 'confirmed' && identifier !== null
}

export function recordAct({ locale }: Pick<Visit, 'locale'>, id: string, name: RecordActName): Act {
  return {
    to: `/requests/${encodeURIComponent(id)}/${name}`,
    ...recordActsText[locale].acts[name],
    danger: true,
  }
}

/** The plans that there are now: one that was made for the request and is open is not made again. */
export async function eraseAll(
  desk: RetentionDesk,
  of: { readonly request: string; readonly whose: readonly DataSubjectRef[]; readonly by: Pseudonym },
): Promise<readonly string[]> {
  const { whose, ...asked } = of
  const plans: string[] = []
  for (const dataSubject of whose) plans.push((await planErasure(desk, { ...asked, dataSubject })).id)
  return plans
}

/** `null`: done, for each of them. */
export async function restrictAll(
  desk: RetentionDesk,
  of: {
    readonly request: string
    readonly whose: readonly DataSubjectRef[]
    readonly reason: string
    readonly by: Pseudonym
  },
): Promise<RetentionRefused | null> {
  const { whose, ...asked } = of
  for (const dataSubject of whose) {
    const outcome = await restrictOnRequest(desk, { ...asked, dataSubject })
    if (!outcome.ok) return outcome
  }
  return null
}
