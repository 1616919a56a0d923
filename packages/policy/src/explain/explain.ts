import { microsToIso, type Locale } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import type { DataRecord, Truth } from '../condition/evaluate-condition.ts'
import { decide } from '../decision/decide.ts'
import { describeCondition } from '../condition/describe-condition.ts'
import type { NearestRule, Reason } from '../decision/decision.ts'
import { failedClauses } from '../decision/nearest.ts'
import { RequestContext } from '../decision/request-context.ts'
import type { AccessRequest } from '../decision/request.ts'
import { judgeRecord } from './judge-record.ts'

/** What one rule had to say. */
export interface ExplainedRule {
  readonly rule: string
  readonly effect: 'permit' | 'forbid'
  readonly because: string
  /** What it asks that the request does not meet; empty when the request meets it all. */
  readonly failed: readonly string[]
  /** Its condition's parts in its own words, and on a record what each is; `null`: cannot be evaluated. */
  readonly clauses: readonly { readonly clause: string; readonly truth: Truth | 'not asked' }[]
}

/** The whole reasoning behind one answer. Holds no value of a record. */
export interface Explanation {
  readonly policyVersion: string
  readonly effect: 'permit' | 'deny'
  readonly question: string
  readonly reasons: readonly Reason[]
  readonly rules: readonly ExplainedRule[]
  readonly fields: readonly { readonly field: string; readonly shown: string }[]
  readonly nearestPurposes: readonly string[]
  readonly nearest: readonly NearestRule[]
}

/** Explains one request, on one record when there is one; every rule for the resource and action has its say. */
export function explain(
  bundle: Bundle,
  request: AccessRequest,
  record: DataRecord | null = null,
): Explanation {
  const decision = decide(bundle, request)
  const judged = record === null ? null : judgeRecord(bundle, request, record)
  const context = new RequestContext(bundle, request)
  const truths = new Map(judged?.rules.map((each) => [each.rule.id, each.clauses]))
  const rules = bundle.rules.of(request.resource, request.action).map((rule): ExplainedRule => ({
    rule: rule.id,
    effect: rule.effect,
    because: rule.document.because,
    failed: failedClauses(bundle, rule, request, context).map(
      ({ part, code, expected }) =>
        `${part}: ${code}${expected.length === 0 ? '' : ` (${expected.join(', ')})`}`,
    ),
    clauses:
      truths.get(rule.id)?.map(({ clause, truth }) => ({ clause, truth })) ??
      (rule.condition.op === 'always'
        ? []
        : [{ clause: describeCondition(rule.condition), truth: 'not asked' }]),
  }))
  const fields =
    judged?.outcomes != null
      ? [...judged.outcomes].map(([field, { outcome, mask }]) => ({ field, shown: mask ?? outcome }))
      : judged === null && decision.effect === 'permit'
        ? [...decision.fields].map(([field, { best, mask }]) => ({
            field,
            shown: best === 'masked' ? (mask ?? best) : best,
          }))
        : []
  return {
    policyVersion: bundle.version,
    effect: judged?.effect ?? decision.effect,
    question: questionOf(request),
    reasons: judged?.reasons ?? decision.reasons,
    rules: rules.toSorted((a, b) => a.failed.length - b.failed.length),
    fields,
    nearestPurposes: decision.effect === 'deny' ? decision.nearestPurposes : [],
    nearest: decision.effect === 'deny' ? decision.nearest : [],
  }
}

function questionOf({ principal, action, resource, purpose, contract, now }: AccessRequest): string {
  return `${principal.role} of ${contract?.id ?? 'internal'} ${action} ${resource} for ${purpose ?? 'no purpose'} at ${microsToIso(now)}`
}

/** For a terminal. */
export function explanationText(explanation: Explanation, locale: Locale): string {
  const { effect, fields, nearest, nearestPurposes, policyVersion, question, reasons, rules } = explanation
  return [
    `${effect.toUpperCase()}  ${question}`,
    `policy ${policyVersion.slice(0, 12)}`,
    '',
    ...reasons.map(
      ({ code, rule, text }) => `${code}${rule === undefined ? '' : ` [${rule}]`}: ${text[locale]}`,
    ),
    ...(fields.length === 0
      ? []
      : [
          '',
          ...[...Map.groupBy(fields, ({ shown }) => shown)].map(
            ([shown, same]) => `${shown.padEnd(8)} ${same.map(({ field }) => field).join(', ')}`,
          ),
        ]),
    '',
    ...rules.flatMap(({ because, clauses, effect: does, failed, rule }) => [
      `${failed.length === 0 ? '•' : '·'} ${does} ${rule} — ${because}`,
      ...failed.map((each) => `    not met: ${each}`),
      ...clauses.map(({ clause, truth }) => `    ${truthText(truth)} ${clause}`),
    ]),
    ...(nearestPurposes.length === 0
      ? []
      : ['', `would be permitted with purpose ${nearestPurposes.join(', or ')}`]),
    ...nearest.map(
      ({ failed, rule }) =>
        `nearest: ${rule}, which lacked ${failed.map(({ expected, part }) => `${part} ${expected.join(' or ')}`.trim()).join(', ')}`,
    ),
  ].join('\n')
}

function truthText(truth: Truth | 'not asked'): string {
  if (truth === 'not asked') return 'where  '
  return truth === null ? 'unknown' : truth ? 'true   ' : 'false  '
}
