import type { ResourceName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { bindCondition } from '../condition/bind-condition.ts'
import { simplify } from '../condition/simplify.ts'
import { describeCondition } from '../condition/describe-condition.ts'
import { refusal, unmetRequirement } from './admission.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Condition } from './condition.ts'
import type { FailedClause, NearestRule } from './decision.ts'
import { REASONS, type ReasonCode } from './reasons.ts'
import { RequestContext } from './request-context.ts'
import type { AccessRequest } from './request.ts'
import { INTERNAL, planForRequest } from './rule-index.ts'

const MOST_RULES = 3

/** Reasons that the caller can cure without another purpose. */
const CURABLE: ReadonlySet<ReasonCode> = new Set([
  'no-ticket',
  'unknown-ticket',
  'ticket-closed',
  'ticket-other-purpose',
  'no-grant',
  'grant-expired',
  'grant-other-resource',
  'grant-other-action',
  'grant-other-purpose',
  'grant-other-ticket',
])

/** Purposes under which the same question would be permitted; after them, those that lack only a ticket or a grant. */
export function nearestPurposes(bundle: Bundle, request: AccessRequest): readonly string[] {
  const ranked = [...bundle.purposes.keys()]
    .filter((purpose) => purpose !== request.purpose)
    .map((purpose) => ({ purpose, distance: distanceUnder(bundle, { ...request, purpose }) }))
    .filter(({ distance }) => distance !== null)
  return [0, 1].flatMap((wanted) =>
    ranked.filter(({ distance }) => distance === wanted).map(({ purpose }): string => purpose),
  )
}

function distanceUnder(bundle: Bundle, request: AccessRequest): 0 | 1 | null {
  if (refusal(bundle, request) !== null) return null
  const plan = planForRequest(bundle.rules, request)
  if (plan === null) return null
  const context = new RequestContext(bundle, request)
  const forbidden = plan.forbids.some(
    (rule) => rule.wholeRecord && simplify({ op: 'is-not-false', of: rule.bind(context) }).op === 'always',
  )
  if (forbidden) return null
  const distances = plan.permits.map((rule) => {
    const unmet = unmetRequirement(rule, request)
    if (unmet !== null) return CURABLE.has(unmet) ? 1 : null
    return simplify({ op: 'is-true', of: rule.bind(context) }).op === 'never' ? null : 0
  })
  return distances.includes(0) ? 0 : distances.includes(1) ? 1 : null
}

/** The permits for this role that came closest, with each clause that failed; none when the role has none. */
export function nearestRules(bundle: Bundle, request: AccessRequest): readonly NearestRule[] {
  const context = new RequestContext(bundle, request)
  return bundle.rules
    .of(request.resource, request.action)
    .filter((rule) => rule.effect === 'permit' && rule.roles?.has(request.principal.role) === true)
    .map((rule) => ({
      rule: rule.id,
      because: rule.document.because,
      failed: failedClauses(bundle, rule, request, context),
    }))
    .filter(({ failed }) => failed.length > 0)
    .toSorted((a, b) => a.failed.length - b.failed.length)
    .slice(0, MOST_RULES)
}

/** Everything in a permit that a request does not meet; what depends on the record is left out. */
export function failedClauses(
  bundle: Bundle,
  rule: CompiledRule,
  request: AccessRequest,
  context: RequestContext,
): readonly FailedClause[] {
  const failed: FailedClause[] = []
  if (rule.roles !== null && !rule.roles.has(request.principal.role))
    failed.push(clause('role', 'other-role', [...rule.roles]))
  const contract = request.contract === null ? INTERNAL : request.contract.id
  if (rule.contracts !== null && !rule.contracts.has(contract))
    failed.push(clause('contract', 'other-contract', [...rule.contracts]))
  if (rule.purposes !== null && (request.purpose === null || !rule.purposes.has(request.purpose))) {
    failed.push(clause('purpose', 'other-purpose', [...rule.purposes]))
  }
  const unmet = unmetRequirement(rule, request)
  if (unmet !== null && (unmet !== 'ticket-other-purpose' || failed.length === 0))
    failed.push(clause(unmet.includes('grant') ? 'grant' : 'ticket', unmet, []))
  if (unmet === null) failed.push(...deadParts(bundle, rule, context))
  return failed
}

/** The parts of a condition that no record can meet in this request, each in the rule's own words. */
function deadParts(bundle: Bundle, rule: CompiledRule, context: RequestContext): readonly FailedClause[] {
  const fields = bundle.resources.get(rule.document.resource as ResourceName)?.fields
  if (fields === undefined) return []
  const parts: readonly Condition[] = rule.condition.op === 'and' ? rule.condition.of : [rule.condition]
  return parts.flatMap((part) => {
    const bound = simplify(bindCondition(part, fields, context))
    if (simplify({ op: 'is-true', of: bound }).op !== 'never') return []
    return clause('where', bound.op === 'never' ? 'condition-not-met' : 'missing-attribute', [
      describeCondition(part),
    ])
  })
}

function clause(part: FailedClause['part'], code: ReasonCode, expected: readonly string[]): FailedClause {
  return { part, code, text: REASONS[code], expected }
}
