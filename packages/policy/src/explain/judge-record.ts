import type { FieldName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { compileCondition, type DataRecord, type Truth } from '../condition/evaluate-condition.ts'
import { describeCondition } from '../condition/describe-condition.ts'
import type { CompiledRule } from '../decision/compiled-rule.ts'
import type { Condition, FieldTypes } from '../decision/condition.ts'
import { decide } from '../decision/decide.ts'
import type { Decision, Reason, RecordOutcomes } from '../decision/decision.ts'
import { reasonOf } from '../decision/reason-of.ts'
import type { ReasonCode } from '../decision/reasons.ts'
import { RequestContext } from '../decision/request-context.ts'
import type { AccessRequest } from '../decision/request.ts'
import { planForRequest } from '../decision/rule-index.ts'

/** One part of a rule's condition, in the rule's own words, and what it is on one record. Never the record's value. */
export interface ClauseTruth {
  readonly clause: string
  readonly code: ReasonCode
  readonly truth: Truth
}

export interface RuleTruth {
  readonly rule: CompiledRule
  /** Of the whole condition. */
  readonly truth: Truth
  readonly clauses: readonly ClauseTruth[]
}

/** A decision brought down to one record. */
export interface Judgement {
  readonly decision: Decision
  readonly effect: 'permit' | 'deny'
  readonly reasons: readonly Reason[]
  /** `null` when denied. */
  readonly outcomes: RecordOutcomes | null
  /** The rules that could matter, on this record. */
  readonly rules: readonly RuleTruth[]
}

/** Decides for one record, and when it is not shown says why, down to the clause. */
export function judgeRecord(bundle: Bundle, request: AccessRequest, record: DataRecord): Judgement {
  const decision = decide(bundle, request)
  const rules = ruleTruths(bundle, request, record)
  if (decision.effect === 'deny')
    return { decision, effect: 'deny', reasons: decision.reasons, outcomes: null, rules }
  const outcomes = decision.outcomesOf(record)
  if (outcomes !== null) return { decision, effect: 'permit', reasons: decision.reasons, outcomes, rules }
  return { decision, effect: 'deny', reasons: whyNot(rules, new Set(decision.rules)), outcomes: null, rules }
}

function ruleTruths(bundle: Bundle, request: AccessRequest, record: DataRecord): readonly RuleTruth[] {
  const plan = planForRequest(bundle.rules, request)
  if (plan === null) return []
  const context = new RequestContext(bundle, request)
  const { fields, dataSubject } = plan.resource
  return [...plan.permits, ...plan.forbids].map((rule) => ({
    rule,
    truth: rule.evaluate(record, context),
    clauses: clausesOf(rule.condition).map((clause) => ({
      clause: describeCondition(clause),
      code: isAboutTicket(clause, dataSubject?.field) ? 'other-data-subject' : 'condition-not-met',
      truth: compileCondition(clause, fields satisfies FieldTypes)(record, context),
    })),
  }))
}

/** The parts that must all hold. */
export function clausesOf(condition: Condition): readonly Condition[] {
  if (condition.op === 'always') return []
  return condition.op === 'and' ? condition.of.flatMap(clausesOf) : [condition]
}

function isAboutTicket(clause: Condition, dataSubject: FieldName | undefined): boolean {
  return (
    clause.op === 'eq' &&
    clause.field === dataSubject &&
    'value' in clause &&
    typeof clause.value === 'object' &&
    clause.value.scope === 'ticket' &&
    clause.value.name === 'data_subject'
  )
}

function whyNot(rules: readonly RuleTruth[], usable: ReadonlySet<string>): readonly Reason[] {
  const total = rules.filter(({ rule, truth }) => rule.wholeRecord && truth !== false)
  if (total.length > 0)
    return total.map(({ rule, truth }) =>
      reasonOf(truth === null ? 'forbid-not-evaluable' : 'forbidden', rule),
    )
  return rules
    .filter(({ rule }) => rule.effect === 'permit' && usable.has(rule.id))
    .flatMap(({ rule, clauses }) => {
      const failed = clauses.filter(({ truth }) => truth !== true)
      const codes = new Set(
        failed.length === 0 ? (['condition-not-met'] as const) : failed.map(({ code }) => code),
      )
      return [...codes].map((code) => reasonOf(code, rule))
    })
}
