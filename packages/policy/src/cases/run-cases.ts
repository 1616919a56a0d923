import type { FieldName, RuleId } from '@varco/core'
import type { Bundle, Resource } from '../bundle/bundle.ts'
import type { CaseDocument } from '../bundle/schema.ts'
import { describeCondition } from '../condition/describe-condition.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import type { CompiledRule } from '../decision/compiled-rule.ts'
import { decide } from '../decision/decide.ts'
import type { Outcome } from '../decision/decision.ts'
import { clausesOf, judgeRecord, type RuleTruth } from '../explain/judge-record.ts'
import { caseRequest } from './case-request.ts'

/** Where a case and the bundle disagree. */
export interface Disagreement {
  readonly about: 'decision' | Outcome | 'reasons'
  readonly expected: readonly string[]
  readonly actual: readonly string[]
}

export interface CaseResult {
  readonly id: string
  readonly title: string
  readonly disagreements: readonly Disagreement[]
  /** Rules that took part: permits that held, forbids that fired. */
  readonly rules: readonly RuleId[]
}

/** What the cases made of one clause of one rule: a clause never seen false is not tested to keep anybody out. */
export interface ClauseCoverage {
  readonly rule: RuleId
  readonly clause: string
  readonly seenTrue: boolean
  readonly seenFalse: boolean
}

export interface CaseReport {
  readonly results: readonly CaseResult[]
  readonly failed: number
  /** Rules no case made take part. */
  readonly rulesNotCovered: readonly RuleId[]
  readonly ruleCount: number
  readonly clauses: readonly ClauseCoverage[]
}

/** Runs every golden case of the bundle against it. */
export function runCases(bundle: Bundle): CaseReport {
  const runs = bundle.document.cases.map((golden) => runCase(bundle, golden))
  const results = runs.map(({ result }) => result)
  const covered = new Set(results.flatMap(({ rules }) => rules))
  return {
    results,
    failed: results.filter(({ disagreements }) => disagreements.length > 0).length,
    rulesNotCovered: bundle.rules.all.map(({ id }) => id).filter((id) => !covered.has(id)),
    ruleCount: bundle.rules.all.length,
    clauses: clauseCoverage(
      bundle.rules.all,
      runs.flatMap(({ truths }) => truths),
    ),
  }
}

interface CaseRun {
  readonly result: CaseResult
  readonly truths: readonly RuleTruth[]
}

function runCase(bundle: Bundle, golden: CaseDocument): CaseRun {
  const request = caseRequest(bundle, golden)
  const resource = bundle.resources.get(request.resource as Resource['name'])
  const seen =
    golden.record === undefined || resource === undefined
      ? before(bundle, golden)
      : on(bundle, golden, recordOf(resource, golden.record))
  return {
    result: { id: golden.id, title: golden.title, disagreements: compare(golden, seen), rules: seen.rules },
    truths: seen.truths,
  }
}

interface Seen {
  readonly effect: 'permit' | 'deny'
  readonly reasons: readonly string[]
  readonly outcomes: ReadonlyMap<FieldName, Outcome>
  readonly rules: readonly RuleId[]
  readonly truths: readonly RuleTruth[]
}

/** Without a record: each field's best outcome on any. */
function before(bundle: Bundle, golden: CaseDocument): Seen {
  const decision = decide(bundle, caseRequest(bundle, golden))
  const reasons = decision.reasons.map(({ code }) => code)
  if (decision.effect === 'deny') {
    return {
      effect: 'deny',
      reasons,
      outcomes: new Map(),
      rules: decision.reasons.flatMap(({ rule, code }) =>
        rule !== undefined && code.startsWith('forbid') ? [rule] : [],
      ),
      truths: [],
    }
  }
  return {
    effect: 'permit',
    reasons,
    outcomes: new Map([...decision.fields].map(([field, { best }]) => [field, best])),
    rules: decision.rules,
    truths: [],
  }
}

function on(bundle: Bundle, golden: CaseDocument, record: DataRecord): Seen {
  const { decision, effect, reasons, outcomes, rules } = judgeRecord(
    bundle,
    caseRequest(bundle, golden),
    record,
  )
  const usable = new Set<RuleId>(decision.effect === 'permit' ? decision.rules : [])
  const took = rules.filter(({ rule, truth }) =>
    rule.effect === 'permit' ? usable.has(rule.id) && truth === true : truth !== false,
  )
  return {
    effect,
    reasons: reasons.map(({ code }) => code),
    outcomes: new Map([...(outcomes ?? [])].map(([field, { outcome }]) => [field, outcome])),
    rules: took.map(({ rule }) => rule.id),
    truths: rules,
  }
}

function recordOf(resource: Resource, given: Readonly<Record<string, unknown>>): DataRecord {
  return { ...Object.fromEntries([...resource.fields.keys()].map((field) => [field, null])), ...given }
}

function compare({ expect }: CaseDocument, seen: Seen): readonly Disagreement[] {
  if (expect.decision !== seen.effect)
    return [{ about: 'decision', expected: [expect.decision], actual: [seen.effect, ...seen.reasons] }]
  const having = (outcome: Outcome): readonly string[] =>
    [...seen.outcomes].filter(([, actual]) => actual === outcome).map(([field]) => field)
  const differs = (
    about: Disagreement['about'],
    expected: readonly string[] | undefined,
    actual: readonly string[],
    complete: boolean,
  ): readonly Disagreement[] => {
    if (expected === undefined) return []
    const missing = expected.some((each) => !actual.includes(each))
    const surplus = complete && actual.some((each) => !expected.includes(each))
    return missing || surplus ? [{ about, expected: expected.toSorted(), actual: actual.toSorted() }] : []
  }
  // Of a denied record nothing is shown, so that everything counts as hidden.
  const hidden = seen.effect === 'deny' ? (expect.hidden ?? []) : having('hidden')
  return [
    ...differs('plain', expect.plain, having('plain'), true),
    ...differs('masked', expect.masked, having('masked'), true),
    ...differs('hidden', expect.hidden, hidden, false),
    ...differs('reasons', expect.reasons, seen.reasons, false),
  ]
}

/** Of every clause of every rule: one that no case reached was seen neither true nor false. */
function clauseCoverage(
  rules: readonly CompiledRule[],
  truths: readonly RuleTruth[],
): readonly ClauseCoverage[] {
  const keyOf = (rule: RuleId, clause: string): string => `${rule}\0${clause}`
  const found = new Map(
    rules.flatMap(({ id, condition }) =>
      clausesOf(condition).map((each): [string, ClauseCoverage] => {
        const clause = describeCondition(each)
        return [keyOf(id, clause), { rule: id, clause, seenTrue: false, seenFalse: false }]
      }),
    ),
  )
  for (const { rule, clauses } of truths) {
    for (const { clause, truth } of clauses) {
      const before = found.get(keyOf(rule.id, clause))
      if (before === undefined) continue
      found.set(keyOf(rule.id, clause), {
        ...before,
        seenTrue: before.seenTrue || truth === true,
        seenFalse: before.seenFalse || truth !== true,
      })
    }
  }
  return [...found.values()]
}
