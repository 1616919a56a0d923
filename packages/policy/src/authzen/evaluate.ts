import type { Localized, ResourceName } from '@varco/core'
import * as z from 'zod'
import type { Bundle, Resource } from '../bundle/bundle.ts'
import { actionSchema } from '../bundle/schema.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import { toConstant } from '../condition/field-value.ts'
import { decide } from '../decision/decide.ts'
import type { Permit } from '../decision/decision.ts'
import { reasonOf } from '../decision/reason-of.ts'
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
 * The record that a question describes: its properties, and its key as `id` has it. `null`: it is none of the resource's, for
 * `id` is no value of the key's type, or the properties name another.
 */
export function describedRecord(
  { key, fields }: Resource,
  { id, properties = {} }: Evaluation['resource'],
): DataRecord | null {
  const type = fields.get(key)?.type ?? 'json'
  const named = toConstant(type, id)
  if (named === null || (Object.hasOwn(properties, key) && toConstant(type, properties[key]) !== named))
    return null
  return { ...properties, [key]: named }
}

/**
 * Evaluates one question. An action or resource nobody declared, and a subject nobody knows, is a decision of false
 * and no error. With `resource.properties` the record itself is judged. The id alone says nothing of its content: it is
 * permitted only where no rule looks at more of a record than its key.
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
  const resource = bundle.resources.get(request.resource as ResourceName)
  const decision = decide(bundle, request)
  if (resource === undefined || decision.effect === 'deny')
    return result(bundle, false, decision.reasons, undefined)
  const record = describedRecord(resource, evaluation.resource)
  const isEnough = evaluation.resource.properties !== undefined || looksAtKeyAlone(decision, resource)
  if (record === null || !isEnough) return result(bundle, false, [reasonOf('condition-not-met')], undefined)
  const judged = judgeRecord(bundle, request, record)
  const fields =
    judged.outcomes === null
      ? undefined
      : Object.fromEntries([...judged.outcomes].map(([field, { outcome }]) => [field, outcome]))
  return result(bundle, judged.effect === 'permit', judged.reasons, fields)
}

function looksAtKeyAlone({ conditionFields }: Permit, { key }: Resource): boolean {
  return conditionFields.every((field) => field === key)
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
