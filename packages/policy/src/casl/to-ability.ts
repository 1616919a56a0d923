import { Ability, type RawRuleOf } from '@casl/ability'
import type { FieldName, ResourceName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { ACTIONS, type Action } from '../bundle/schema.ts'
import { evaluateClosed, type DataRecord } from '../condition/evaluate-condition.ts'
import { refusal, unmetRequirement } from '../decision/admission.ts'
import type { ClosedCondition, FieldTypes } from '../decision/condition.ts'
import type { Outcome } from '../decision/decision.ts'
import { RequestContext } from '../decision/request-context.ts'
import type { AccessRequest } from '../decision/request.ts'
import { planForRequest } from '../decision/rule-index.ts'

/** Seeing a field in plain, or at least masked: the two things CASL is asked. */
export type Sight = `${Action}:plain` | `${Action}:seen`

/** One record for CASL to judge: which kind it is, and its values. */
export interface AbilityRecord {
  readonly resource: string
  readonly values: DataRecord
}

/** The condition of a CASL rule: our own closed form, never CASL's operators. */
export interface AbilityCondition {
  readonly resource: string
  readonly when: ClosedCondition
}

export type PolicyAbility = Ability<[Sight, string | AbilityRecord], AbilityCondition>
type AbilityRule = RawRuleOf<PolicyAbility>

/** Names no resource or action can have: CASL's own catch-alls must catch nothing. */
const NO_CATCH_ALL = { anyAction: '\0', anySubjectType: '\0' } as const

/**
 * What one principal may see under one purpose, as a CASL ability: for front ends that draw a form, and to
 * hold the engine's hot path against. Its `rules` are plain JSON; `restoreAbility` reads them back.
 */
export function toAbility(
  bundle: Bundle,
  question: Omit<AccessRequest, 'resource' | 'action'>,
): PolicyAbility {
  const rules = [...bundle.resources.keys()].flatMap((resource) =>
    ACTIONS.flatMap((action) => rulesFor(bundle, { ...question, resource, action })),
  )
  return restoreAbility(
    rules,
    (resource) => bundle.resources.get(resource as ResourceName)?.fields ?? new Map(),
  )
}

/** @param typesOf the field types of a resource, which conditions need to compare by */
export function restoreAbility(
  rules: readonly AbilityRule[],
  typesOf: (resource: string) => FieldTypes,
): PolicyAbility {
  return new Ability<[Sight, string | AbilityRecord], AbilityCondition>([...rules], {
    ...NO_CATCH_ALL,
    conditionsMatcher: ({ resource, when }) => {
      const evaluate = evaluateClosed(when, typesOf(resource))
      return (record) =>
        typeof record === 'object' && record !== null && evaluate((record as AbilityRecord).values) === true
    },
    fieldMatcher: (fields) => (field) => fields.includes(field),
    resolveAction: (action) => action,
    detectSubjectType: ({ resource }) => resource,
  })
}

/** The outcome of one field of one record, as CASL sees it. */
export function abilityOutcome(
  ability: PolicyAbility,
  action: Action,
  record: AbilityRecord,
  field: FieldName,
): Outcome {
  if (ability.can(`${action}:plain`, record, field)) return 'plain'
  return ability.can(`${action}:seen`, record, field) ? 'masked' : 'hidden'
}

/**
 * In CASL the last rule wins, so the order is: what permits show, then what the stricter of them takes back,
 * then what forbids take. Every rule has a condition, for one without would hold for the mere name of a resource.
 */
function rulesFor(bundle: Bundle, request: AccessRequest): readonly AbilityRule[] {
  const plan = planForRequest(bundle.rules, request)
  if (plan === null || refusal(bundle, request) !== null) return []
  const context = new RequestContext(bundle, request)
  const { action, resource: subject } = request
  const plain: Sight = `${action}:plain`
  const seen: Sight = `${action}:seen`
  const rule = (
    sight: Sight[],
    fields: readonly FieldName[],
    when: ClosedCondition,
    inverted: boolean,
  ): readonly AbilityRule[] =>
    fields.length === 0
      ? []
      : [{ action: sight, subject, fields: [...fields], conditions: { resource: subject, when }, inverted }]
  const usable = plan.permits
    .filter((permit) => unmetRequirement(permit, request) === null)
    .map(({ bind, fields }) => ({
      when: { op: 'is-true', of: bind(context) } satisfies ClosedCondition,
      plain: [...fields].filter(([, said]) => said === 'plain').map(([field]) => field),
      masked: [...fields].filter(([, said]) => said !== 'plain' && said !== 'hidden').map(([field]) => field),
      hidden: [...fields].filter(([, said]) => said === 'hidden').map(([field]) => field),
    }))
  const everything = [...plan.resource.fields.keys()]
  return [
    ...usable.flatMap((permit) => rule([plain, seen], permit.plain, permit.when, false)),
    ...usable.flatMap((permit) => rule([seen], permit.masked, permit.when, false)),
    ...usable.flatMap((permit) => rule([plain], permit.masked, permit.when, true)),
    ...usable.flatMap((permit) => rule([plain, seen], permit.hidden, permit.when, true)),
    ...plan.forbids.flatMap(({ bind, fields, wholeRecord }) =>
      rule(
        [plain, seen],
        wholeRecord ? everything : [...fields.keys()],
        { op: 'is-not-false', of: bind(context) },
        true,
      ),
    ),
  ]
}
