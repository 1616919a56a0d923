import type { Localized } from '@varco/core'
import * as z from 'zod'
import type { Bundle } from '../bundle/bundle.ts'
import { actionSchema } from '../bundle/schema.ts'
import { decide } from '../decision/decide.ts'
import type { AccessRequest } from '../decision/request.ts'
import { judgeRecord } from '../explain/judge-record.ts'

const propertiesSchema = z.record(z.string(), z.unknown())
const entitySchema = z.object({
  type: z.string().min(1),
  id: z.string().min(1),
  properties: propertiesSchema.optional(),
})
const actionEntitySchema = z.object({ name: z.string().min(1), properties: propertiesSchema.optional() })

/** OpenID AuthZEN Authorization API 1.0, section 6.1. Members it does not name are ignored, as it demands. */
export const evaluationSchema = z.object({
  subject: entitySchema,
  action: actionEntitySchema,
  resource: entitySchema,
  context: propertiesSchema.optional(),
})
export type Evaluation = z.infer<typeof evaluationSchema>

/** Section 7.1: what is common may stand once, outside. */
export const evaluationsSchema = evaluationSchema.partial().extend({
  evaluations: z.array(evaluationSchema.partial()).max(1_000).optional(),
  options: z
    .object({
      evaluations_semantic: z
        .enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'])
        .default('execute_all'),
    })
    .optional(),
})
export type Evaluations = z.infer<typeof evaluationsSchema>

/** Section 6.2. `context` says why, and how each field would be shown. */
export interface EvaluationResult {
  readonly decision: boolean
  readonly context: {
    readonly reason_admin: Readonly<Record<string, string>>
    readonly reason_user: Localized | Readonly<Record<string, never>>
    readonly policy_version: string
    readonly fields?: Readonly<Record<string, string>>
  }
}

/** Everything about a question but its action and resource, as the information point knows the subject; `null`: nobody. */
export type SubjectFacts = (
  subject: Evaluation['subject'],
  context: Evaluation['context'],
) => Promise<Omit<AccessRequest, 'action' | 'resource'> | null>

/**
 * Evaluates one question. An action or resource nobody declared, and a subject nobody knows, is a decision of false
 * and no error. With `resource.properties` the record itself is judged; the id alone says nothing of its content.
 */
export async function evaluateAccess(
  bundle: Bundle,
  evaluation: Evaluation,
  factsOf: SubjectFacts,
): Promise<EvaluationResult> {
  const action = actionSchema.safeParse(evaluation.action.name)
  const facts = await factsOf(evaluation.subject, evaluation.context)
  if (!action.success || facts === null)
    return refusal(bundle, action.success ? 'unknown-subject' : 'unknown-action')
  const request: AccessRequest = { ...facts, action: action.data, resource: evaluation.resource.type }
  const { properties } = evaluation.resource
  if (properties === undefined) {
    const decision = decide(bundle, request)
    const fields =
      decision.effect === 'permit'
        ? Object.fromEntries([...decision.fields].map(([field, { best }]) => [field, best]))
        : undefined
    return result(bundle, decision.effect === 'permit', decision.reasons, fields)
  }
  const judged = judgeRecord(bundle, request, properties)
  const fields =
    judged.outcomes === null
      ? undefined
      : Object.fromEntries([...judged.outcomes].map(([field, { outcome }]) => [field, outcome]))
  return result(bundle, judged.effect === 'permit', judged.reasons, fields)
}

/** Section 7: many questions, in order; those not reached under a stopping semantic are absent from the answer. */
export async function evaluateAll(
  bundle: Bundle,
  body: Evaluations,
  factsOf: SubjectFacts,
): Promise<readonly EvaluationResult[] | null> {
  return evaluateEach(body, (question) => evaluateAccess(bundle, question, factsOf))
}

/** The same with whatever answers one question; `null` when some question is incomplete: then none is asked. */
export async function evaluateEach(
  body: Evaluations,
  evaluate: (question: Evaluation) => Promise<EvaluationResult>,
): Promise<readonly EvaluationResult[] | null> {
  const { evaluations = [{}], options, ...common } = body
  const merged = evaluations.map((each) => evaluationSchema.safeParse({ ...common, ...each }))
  const questions = merged.flatMap((each) => (each.success ? [each.data] : []))
  if (questions.length < merged.length) return null
  const stopsAt = { execute_all: null, deny_on_first_deny: false, permit_on_first_permit: true }[
    options?.evaluations_semantic ?? 'execute_all'
  ]
  const results: EvaluationResult[] = []
  for (const question of questions) {
    const answer = await evaluate(question)
    results.push(answer)
    if (answer.decision === stopsAt) break
  }
  return results
}

function result(
  bundle: Bundle,
  decision: boolean,
  reasons: readonly { readonly code: string; readonly text: Localized; readonly rule?: string }[],
  fields: Readonly<Record<string, string>> | undefined,
): EvaluationResult {
  const [first] = reasons
  return {
    decision,
    context: {
      reason_admin: Object.fromEntries(
        reasons.map(({ code, rule }, index) => [
          String(index),
          rule === undefined ? code : `${code} ${rule}`,
        ]),
      ),
      reason_user: first?.text ?? {},
      policy_version: bundle.version,
      ...(fields === undefined ? {} : { fields }),
    },
  }
}

function refusal(bundle: Bundle, code: string): EvaluationResult {
  return {
    decision: false,
    context: { reason_admin: { 0: code }, reason_user: {}, policy_version: bundle.version },
  }
}
