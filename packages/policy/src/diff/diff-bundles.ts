import type { ContractId, FieldName, Micros, PurposeId, ResourceName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { ACTIONS, type Action } from '../bundle/schema.ts'
import type { CompiledRule, RuleOutcome } from '../decision/compiled-rule.ts'
import { decide } from '../decision/decide.ts'
import { decideRecord } from '../decision/decide-record.ts'
import { INTERNAL } from '../decision/rule-index.ts'
import { Temporal } from 'temporal-polyfill'
import { compareKeys, type Key } from '../condition/field-value.ts'
import { dayNumber } from '../condition/instant.ts'
import { allOf, describeFormula, FALSE, negation, type Formula, type Variable } from '../region/formula.ts'
import { Solver, variablesOf } from '../region/solve.ts'
import { admits, CellRules, RuleFormulas, type Cell } from './cell.ts'
import { ruleChanges } from './rule-changes.ts'
import { structuralChanges, type StructuralChange } from './structural-changes.ts'
import { witnessOf, type Span, type Witness } from './witness.ts'

/** How a field is shown: in plain, under a mask, or not at all. */
export type Shown = RuleOutcome

/** One field that one kind of question sees otherwise under the new bundle. */
export interface Change {
  readonly kind: 'widening' | 'narrowing'
  readonly cell: Cell
  /** `null`: the record itself, for counting. Under `count` a field is plain where records may be counted by it. */
  readonly field: FieldName | null
  readonly from: Shown
  readonly to: Shown
  /** In the rules' own words. */
  readonly rows: string
  /** Checked against both bundles; `null` when none could be made, and then the change is only possible. */
  readonly witness: Witness | null
}

export interface PolicyDiff {
  readonly changes: readonly Change[]
  /** What does not show in any one decision: trusted issuers, sources of data, budgets. */
  readonly structural: readonly StructuralChange[]
  /** Which rules were written, rewritten, renamed or taken away: some show in no decision today. */
  readonly rules: readonly StructuralChange[]
  /** Somebody may see more, or something wider could not be ruled out. */
  readonly widens: boolean
}

/**
 * Exactly who sees more or less under the new bundle. Complete over the whole operator set: where it finds no
 * widening there is none. Wherever a search had to give up, a widening is assumed, and has no witness.
 */
export function diffBundles(before: Bundle, after: Bundle): PolicyDiff {
  const changes = diffDecisions(
    before,
    after,
    union([before, after].map((bundle) => bundle.resources.keys())),
  )
  const structural = structuralChanges(before, after)
  return {
    changes,
    structural,
    rules: ruleChanges(before, after),
    widens: changes.some(({ kind }) => kind === 'widening') || structural.some(({ widens }) => widens),
  }
}

/** The decisions alone, on some resources. */
export function diffDecisions(
  before: Bundle,
  after: Bundle,
  resources: readonly string[],
): readonly Change[] {
  const formulas = new RuleFormulas()
  const solver = new Solver()
  return cellsOf(before, after, resources).flatMap((cell) =>
    spansOf(before, after, cell).flatMap((span) => cellChanges(before, after, cell, span, formulas, solver)),
  )
}

/** Every cell in which the two can differ. A role no permit names sees nothing in either. */
function cellsOf(before: Bundle, after: Bundle, resources: readonly string[]): readonly Cell[] {
  const both = [before, after]
  const purposes = union(both.map((bundle) => bundle.purposes.keys()))
  const contracts = [INTERNAL, ...union(both.map((bundle) => bundle.contracts.keys()))]
  return resources.flatMap((resource) =>
    ACTIONS.flatMap((action) =>
      union(both.map((bundle) => permitRoles(bundle, resource, action))).flatMap((role) =>
        contracts.flatMap((contract) =>
          purposes
            .map((purpose): Cell => ({ resource, action, role, contract, purpose }))
            .filter((cell) => signature(before, cell) !== signature(after, cell)),
        ),
      ),
    ),
  )
}

function union<T>(sets: readonly Iterable<T>[]): readonly T[] {
  return [...new Set(sets.flatMap((set) => [...set]))]
}

function permitRoles(bundle: Bundle, resource: string, action: Action): ReadonlySet<string> {
  return new Set(
    bundle.rules
      .of(resource, action)
      .flatMap((rule) => (rule.effect === 'permit' ? [...(rule.roles ?? [])] : [])),
  )
}

/** Everything the answer in a cell depends on; equal texts, equal answers. */
function signature(bundle: Bundle, cell: Cell): string {
  const plan = bundle.rules.plan(cell.resource, cell.action, cell.role, cell.contract, cell.purpose)
  if (plan === null || plan.permits.length === 0) return ''
  const contract = bundle.contracts.get(cell.contract as ContractId)
  const admission =
    cell.contract === INTERNAL
      ? ''
      : `${contract?.from}-${contract?.to}-${contract?.processor}-${contract === undefined ? '' : admits(bundle, cell, contract.from)}`
  if (cell.contract !== INTERNAL && contract === undefined) return ''
  const rules = [...plan.permits, ...plan.forbids].map(ruleText).sort()
  const fields = [...plan.resource.fields].map(([name, { type }]) => `${name}:${type}`)
  return `${admission}\n${bundle.purposes.has(cell.purpose as PurposeId)}\n${fields.join()}\n${plan.resource.key}\n${rules.join('\n')}`
}

const ruleTexts = new WeakMap<CompiledRule, string>()

/** What a rule says, without its name and its reason. */
function ruleText(rule: CompiledRule): string {
  const { effect, fields, require } = rule.document
  const text = ruleTexts.get(rule) ?? JSON.stringify([effect, rule.condition, fields, require])
  ruleTexts.set(rule, text)
  return text
}

/** Any instant in which the sample's contracts are of no account. */
const SOME_DAY: Micros = 1_767_225_600_000_000n
const EVER: Span = { from: SOME_DAY, to: SOME_DAY + 1n }

/** The spans of time in which both bundles agree on whether the contract runs, and at least one lets it. */
function spansOf(before: Bundle, after: Bundle, cell: Cell): readonly Span[] {
  if (cell.contract === INTERNAL) return [EVER]
  const bounds = [before, after].flatMap((bundle) => {
    const contract = bundle.contracts.get(cell.contract as ContractId)
    return contract === undefined ? [] : [contract.from, contract.to]
  })
  const sorted = [...new Set(bounds)].toSorted((a, b) => (a < b ? -1 : 1))
  return sorted.slice(0, -1).map((from, index) => ({ from, to: sorted[index + 1] ?? from }))
}

function cellChanges(
  before: Bundle,
  after: Bundle,
  cell: Cell,
  span: Span,
  formulas: RuleFormulas,
  solver: Solver,
): readonly Change[] {
  const old = new CellRules(before, cell, admits(before, cell, span.from), formulas)
  const next = new CellRules(after, cell, admits(after, cell, span.from), formulas)
  const compare = new CellComparison(before, after, cell, span, solver)
  const counts = cell.action === 'count'
  const outcomes = (rules: CellRules, field: FieldName): ReadonlyMap<Shown, Formula> =>
    counts ? countable(rules.outcomes(field)) : rules.outcomes(field)
  const fields = union(
    [before, after].map((bundle) => bundle.resources.get(cell.resource as ResourceName)?.fields.keys() ?? []),
  )
  return [
    ...(counts ? compare.rows(old.visible, next.visible) : []),
    ...fields.flatMap((field) => compare.field(field, outcomes(old, field), outcomes(next, field))),
  ]
}

/** Where counts may be narrowed by a field: nothing of it is shown, but whoever counts by each value learns it all the same. */
function countable(outcomes: ReadonlyMap<Shown, Formula>): ReadonlyMap<Shown, Formula> {
  const plain = outcomes.get('plain') ?? FALSE
  const both: readonly (readonly [Shown, Formula])[] = [
    ['plain', plain],
    ['hidden', negation(plain)],
  ]
  return new Map(both.filter(([, where]) => where.op !== 'false'))
}

class CellComparison {
  readonly #before: Bundle
  readonly #after: Bundle
  readonly #cell: Cell
  readonly #span: Span
  readonly #solver: Solver

  constructor(before: Bundle, after: Bundle, cell: Cell, span: Span, solver: Solver) {
    this.#before = before
    this.#after = after
    this.#cell = cell
    this.#span = span
    this.#solver = solver
  }

  rows(old: Formula, next: Formula): readonly Change[] {
    return [
      ...this.#change(null, 'hidden', 'plain', allOf([next, negation(old)])),
      ...this.#change(null, 'plain', 'hidden', allOf([old, negation(next)])),
    ]
  }

  field(
    field: FieldName,
    old: ReadonlyMap<Shown, Formula>,
    next: ReadonlyMap<Shown, Formula>,
  ): readonly Change[] {
    return [...old].flatMap(([from, was]) =>
      [...next].flatMap(([to, is]) => (from === to ? [] : this.#change(field, from, to, allOf([is, was])))),
    )
  }

  /** `$now` stays in the span; a cell without contract has none to keep to. */
  #withinSpan(where: Formula): Formula {
    if (this.#span === EVER) return where
    const zone = this.#after.document.varco.time_zone
    const bounds = variablesOf(where).flatMap((variable): readonly Formula[] => {
      if (!('reference' in variable.of) || variable.of.reference.scope !== 'now') return []
      const [from, last] = [this.#span.from, this.#span.to - 1n]
      return variable.kind === 'date'
        ? [negation(upTo(variable, dayOf(from, zone) - 1)), upTo(variable, dayOf(last, zone))]
        : [negation(upTo(variable, from - 1n)), upTo(variable, last)]
    })
    return allOf([where, ...bounds])
  }

  #change(field: FieldName | null, from: Shown, to: Shown, where: Formula): readonly Change[] {
    if (where.op === 'false') return []
    const change = {
      kind: widens(from, to) ? 'widening' : 'narrowing',
      cell: this.#cell,
      field,
      from,
      to,
      rows: describeFormula(where),
    } as const
    let witness: Witness | null = null
    const { found } = this.#solver.solve(this.#withinSpan(where), (model) => {
      const candidate = witnessOf(this.#witnesses, this.#cell, this.#span, model)
      const shows =
        shownTo(this.#before, candidate, field) === from && shownTo(this.#after, candidate, field) === to
      if (shows) witness = candidate
      return shows
    })
    return found === null ? [] : [{ ...change, witness }]
  }

  /** The bundle that knows the cell's contract and resource. */
  get #witnesses(): Bundle {
    const knows = (bundle: Bundle): boolean =>
      bundle.resources.has(this.#cell.resource as ResourceName) &&
      (this.#cell.contract === INTERNAL || bundle.contracts.has(this.#cell.contract as ContractId))
    return knows(this.#after) ? this.#after : this.#before
  }
}

function upTo(variable: Variable, constant: Key): Formula {
  return { op: 'compare', by: 'lte', left: { variable }, right: { constant }, order: compareKeys }
}

function dayOf(at: Micros, timeZone: string): number {
  return (
    dayNumber(
      Temporal.Instant.fromEpochNanoseconds(at * 1000n)
        .toZonedDateTimeISO(timeZone)
        .toPlainDate()
        .toString(),
    ) ?? 0
  )
}

/** Of two different masks neither is stricter, so that either change may tell something new. */
function widens(from: Shown, to: Shown): boolean {
  if (to === 'hidden' || from === 'plain') return false
  return from === 'hidden' || to !== 'redact'
}

/** How one bundle shows one field of one record to one question. */
export function shownTo(bundle: Bundle, { request, record }: Witness, field: FieldName | null): Shown {
  if (field !== null) {
    const shown = decideRecord(bundle, request, record)?.get(field)
    if (request.action === 'count') return shown?.outcome === 'plain' ? 'plain' : 'hidden'
    return shown === undefined || shown.outcome === 'hidden' ? 'hidden' : (shown.mask ?? 'plain')
  }
  const decision = decide(bundle, request)
  return decision.effect === 'permit' && decision.outcomesOf(record) !== null ? 'plain' : 'hidden'
}
