import { CANARY_TOUCHED, type Appended, type DisclosureDraft } from '@varco/access-log'
import { ACTIONS, type EvaluationResult, type Resource } from '@varco/policy'
import { canariesAmong, raiseAlarm } from '../steps/canaries.ts'
import { draftOf, marked } from '../steps/record.ts'
import type { Visit } from '../visit.ts'

/** What a question to the policy was about, and what it was told. */
export interface AnsweredQuestion {
  readonly action: string
  readonly resource: Resource | null
  readonly result: EvaluationResult
  readonly disclosures: readonly DisclosureDraft[]
  /** Pseudonym of the program that asked; `null`: the person asked themselves. */
  readonly askedBy: string | null
}

/**
 * An answer of the policy to those who enforce it themselves: a permit for a record that was named counts as that
 * record shown, for nothing more will be heard of it.
 * @throws UnavailableError when it may not be in the log: then there is no answer
 */
export async function recordEvaluation(
  visit: Visit,
  { action, resource, result, disclosures, askedBy }: AnsweredQuestion,
): Promise<Appended> {
  const { decision, context } = result
  const told = Object.values(context.reason_admin).map((text) => text.split(' '))
  const fieldsWith = (outcome: string): readonly string[] =>
    Object.entries(context.fields ?? {}).flatMap(([field, each]) => (each === outcome ? [field] : []))
  const canaries = resource === null ? 0 : canariesAmong(resource, disclosures)
  const codes = new Set(told.map(([code = '']) => code))
  const entry = await visit.gate.accessLog.append({
    ...draftOf(visit),
    action: ACTIONS.find((each) => each === action) ?? null,
    resource: resource?.name ?? null,
    decision: decision ? 'permit' : 'deny',
    reasons: [...codes, ...(canaries === 0 ? [] : [CANARY_TOUCHED])],
    rules: [...new Set(told.flatMap(([, rule]) => rule ?? []))],
    plain: disclosures.length === 0 ? [] : fieldsWith('plain'),
    masked: disclosures.length === 0 ? [] : fieldsWith('masked'),
    disclosures,
    detail: marked(visit, {
      asked: 'evaluation',
      ...(askedBy === null ? {} : { asked_by: askedBy }),
      ...(canaries === 0 ? {} : { canaries }),
    }),
  })
  if (resource !== null && canaries > 0) raiseAlarm(visit, resource, entry)
  return entry
}
