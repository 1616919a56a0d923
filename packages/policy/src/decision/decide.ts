import type { FieldName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { partsOf } from '../condition/parts-of.ts'
import { simplify } from '../condition/simplify.ts'
import { isObserved, refusal, unmetRequirement } from './admission.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { ClosedCondition } from './condition.ts'
import type { Decision, Deny, FieldPermit, Obligations, Reason, RecordOutcomes } from './decision.ts'
import { firing } from './firing.ts'
import { nearestPurposes, nearestRules } from './nearest.ts'
import { reasonOf } from './reason-of.ts'
import { RequestContext } from './request-context.ts'
import type { AccessRequest } from './request.ts'
import { planForRequest, type Plan } from './rule-index.ts'
import { stricter } from './row-outcomes.ts'

/** A rule with its condition bound to the request; on a permit, one the request may use. */
interface BoundRule {
  readonly rule: CompiledRule
  readonly condition: ClosedCondition
}

/** Answers one question: permit or deny, and for a permit on which rows and each field's outcome. Never throws. */
export function decide(bundle: Bundle, request: AccessRequest): Decision {
  const refused = refusal(bundle, request)
  const plan = planForRequest(bundle.rules, request)
  if (refused !== null || plan === null)
    return deny(bundle, request, [reasonOf(refused ?? 'unknown-resource')])
  const context = new RequestContext(bundle, request)
  const forbids = plan.forbids.map((rule) => ({ rule, condition: rule.bind(context) }))
  const total = forbids.filter(({ rule, condition }) => rule.wholeRecord && firesAlways(condition))
  if (total.length > 0) return deny(bundle, request, total.map(forbidReason))
  const permits = plan.permits.map((rule) => ({
    rule,
    unmet: unmetRequirement(rule, request),
    condition: rule.bind(context),
  }))
  const usable = permits.filter(({ unmet, condition }) => unmet === null && !holdsNever(condition))
  if (usable.length === 0) {
    const causes = permits.map(({ rule, unmet, condition }) =>
      reasonOf(unmet ?? (condition.op === 'never' ? 'condition-not-met' : 'missing-attribute'), rule),
    )
    return deny(bundle, request, causes.length === 0 ? [reasonOf('no-rule')] : causes)
  }
  return permitOrNothing(bundle, request, plan, usable, forbids, context)
}

function permitOrNothing(
  bundle: Bundle,
  request: AccessRequest,
  plan: Plan,
  usable: readonly BoundRule[],
  forbids: readonly BoundRule[],
  context: RequestContext,
): Decision {
  const rowFilter = simplify({
    op: 'and',
    of: [anyOf(usable), ...forbids.filter(({ rule }) => rule.wholeRecord).map(spares)],
  })
  if (rowFilter.op === 'never') return deny(bundle, request, [reasonOf('condition-not-met')])
  const fields = new Map(
    [...plan.resource.fields.keys()].map((field) => [field, fieldPermit(field, usable, forbids)]),
  )
  const blocking = forbids.filter(({ rule, condition }) => !rule.wholeRecord && firesAlways(condition))
  if (request.action !== 'count' && [...fields.values()].every(({ best }) => best === 'hidden')) {
    return deny(bundle, request, blocking.length === 0 ? [reasonOf('no-rule')] : blocking.map(forbidReason))
  }
  const active = usable.map(({ rule }) => rule)
  const inUse = new Set(active)
  const mayUse = plan.permits.map((rule) => inUse.has(rule))
  return {
    effect: 'permit',
    policyVersion: bundle.version,
    reasons: [
      ...active.map((rule) => reasonOf('permitted', rule)),
      ...(isObserved(bundle, request) ? [reasonOf('outside-annex')] : []),
      ...forbids
        .filter((bound) => blocking.includes(bound) || isPartlyUnknown(bound.condition))
        .map(forbidReason),
    ],
    // A forbid that depends on the record is in the row filter and the outcomes; here is what certainly counted.
    rules: [...active, ...blocking.map(({ rule }) => rule)].map((rule) => rule.id),
    obligations: obligationsOf(active),
    rowFilter,
    fields,
    conditionFields: [...new Set([...active, ...plan.forbids].flatMap((rule) => rule.conditionFields))],
    outcomesOf: (record): RecordOutcomes | null =>
      plan.judge.outcomes.of(firing(plan.judge, (index) => mayUse[index] === true, record, context)),
  }
}

/** Over the rows the permit covers: where the field is plain, and the best it ever is. */
function fieldPermit(
  field: FieldName,
  usable: readonly BoundRule[],
  forbids: readonly BoundRule[],
): FieldPermit {
  const naming = usable.filter(({ rule }) => rule.fields.has(field))
  const hiding = [
    ...naming.filter(({ rule }) => rule.fields.get(field) === 'hidden').map(excludes),
    ...forbids.filter(({ rule }) => rule.fields.has(field)).map(spares),
  ]
  const showing = naming.filter(({ rule }) => rule.fields.get(field) !== 'hidden')
  const plain = showing.filter(({ rule }) => rule.fields.get(field) === 'plain')
  const masking = showing.filter(({ rule }) => rule.fields.get(field) !== 'plain')
  // Where every usable permit shows the field, the row filter alone says on which rows.
  const shown = (rules: readonly BoundRule[]): ClosedCondition =>
    rules.length === usable.length ? { op: 'always' } : anyOf(rules)
  const plainWhere = simplify({ op: 'and', of: [shown(plain), ...masking.map(excludes), ...hiding] })
  const maskedWhere = simplify({ op: 'and', of: [shown(masking), ...hiding] })
  const mask = masking.flatMap(({ rule }) => rule.fields.get(field) ?? []).reduce(stricter, 'plain')
  const best = plainWhere.op !== 'never' ? 'plain' : maskedWhere.op !== 'never' ? 'masked' : 'hidden'
  return { best, plainWhere, mask: best === 'hidden' || mask === 'plain' || mask === 'hidden' ? null : mask }
}

function anyOf(rules: readonly BoundRule[]): ClosedCondition {
  return { op: 'or', of: rules.map(({ condition }) => ({ op: 'is-true', of: condition })) }
}

/** Where a permit does not apply. */
function excludes({ condition }: BoundRule): ClosedCondition {
  return { op: 'not', of: { op: 'is-true', of: condition } }
}

/** Where a forbid surely does not fire. */
function spares({ condition }: BoundRule): ClosedCondition {
  return { op: 'not', of: { op: 'is-not-false', of: condition } }
}

function holdsNever(condition: ClosedCondition): boolean {
  return simplify({ op: 'is-true', of: condition }).op === 'never'
}

function firesAlways(condition: ClosedCondition): boolean {
  return simplify({ op: 'is-not-false', of: condition }).op === 'always'
}

/** Some part of a forbid could not be evaluated; it was taken to fire wherever the rest lets it. */
function isPartlyUnknown(condition: ClosedCondition): boolean {
  return condition.op === 'unknown' || partsOf(condition).some(isPartlyUnknown)
}

function forbidReason({ rule, condition }: BoundRule): Reason {
  return reasonOf(condition.op === 'always' ? 'forbidden' : 'forbid-not-evaluable', rule)
}

function obligationsOf(rules: readonly CompiledRule[]): Obligations {
  const budgets = rules.flatMap((rule) => rule.document.require.max_records_per_hour ?? [])
  return {
    ticket: rules.some((rule) => rule.document.require.ticket === 'open') ? 'open' : 'none',
    maxRecordsPerHour: budgets.length === 0 ? null : Math.min(...budgets),
    stepUp: rules.some((rule) => rule.document.require.step_up === true),
    notices: rules.flatMap((rule) => rule.document.require.notice ?? []),
  }
}

function deny(bundle: Bundle, request: AccessRequest, reasons: readonly Reason[]): Deny {
  const distinct = reasons.filter(
    (each, index) =>
      reasons.findIndex((other) => other.code === each.code && other.rule === each.rule) === index,
  )
  return {
    effect: 'deny',
    policyVersion: bundle.version,
    reasons: distinct,
    // Looked for when somebody asks: a flood of denials must not cost more than permits do.
    get nearestPurposes() {
      return nearestPurposes(bundle, request)
    },
    get nearest() {
      return nearestRules(bundle, request)
    },
  }
}
