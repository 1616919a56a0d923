import type { ContractId, FieldName, Micros, PurposeId, ResourceName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { MASKS, type Action, type MaskName } from '../bundle/schema.ts'
import { describeCondition } from '../condition/describe-condition.ts'
import type { CompiledRule, RuleOutcome } from '../decision/compiled-rule.ts'
import type { Condition, Reference } from '../decision/condition.ts'
import { INTERNAL } from '../decision/rule-index.ts'
import {
  allOf,
  anyOf,
  FALSE,
  formulaOf,
  negation,
  TRUE,
  type Fixed,
  type Formula,
} from '../region/formula.ts'

/** Everything about a question that is one of a known few; the rest (record, attributes, ticket) varies. */
export interface Cell {
  readonly resource: string
  readonly action: Action
  readonly role: string
  /** A contract's id or `internal`. */
  readonly contract: string
  readonly purpose: string
}

/** Facts that are so or not: an open ticket for this purpose; a grant that holds; a grant for no one record. */
export const OPEN_TICKET = 'with an open ticket'
export const GRANT = 'with a grant'
export const GRANT_FOR_ALL = 'with a grant for the whole resource'
export const GRANT_FOR_ANYBODY = 'with a grant for every data subject'

/** What one bundle says in one cell: which rows, and for each field where it has which outcome. */
export class CellRules {
  readonly visible: Formula
  readonly #permits: readonly {
    readonly fires: Formula
    readonly fields: ReadonlyMap<FieldName, RuleOutcome>
  }[]
  readonly #forbids: readonly { readonly fires: Formula; readonly rule: CompiledRule }[]

  /** `admitted`: nothing before the rules refuses, such as an ended contract or a purpose outside the annex. */
  constructor(bundle: Bundle, cell: Cell, admitted: boolean, formulas: RuleFormulas) {
    const plan = admitted
      ? bundle.rules.plan(cell.resource, cell.action, cell.role, cell.contract, cell.purpose)
      : null
    this.#permits = (plan?.permits ?? []).map((rule) => ({
      fires: formulas.permit(bundle, rule, cell),
      fields: rule.fields,
    }))
    this.#forbids = (plan?.forbids ?? []).map((rule) => ({
      fires: formulas.forbid(bundle, rule, cell),
      rule,
    }))
    this.visible = allOf([
      anyOf(this.#permits.map(({ fires }) => fires)),
      ...this.#forbids.filter(({ rule }) => rule.wholeRecord).map(({ fires }) => negation(fires)),
    ])
  }

  /** Outcomes the field can have here, each with where. */
  outcomes(field: FieldName): ReadonlyMap<RuleOutcome, Formula> {
    const says = (said: RuleOutcome): Formula =>
      anyOf(this.#permits.filter(({ fields }) => fields.get(field) === said).map(({ fires }) => fires))
    const shown = allOf([
      this.visible,
      ...this.#forbids.filter(({ rule }) => rule.fields.has(field)).map(({ fires }) => negation(fires)),
      negation(says('hidden')),
    ])
    const masks = MASKS.map((mask) => ({ mask, says: says(mask) })).filter((each) => each.says.op !== 'false')
    const without = (some: readonly MaskName[]): readonly Formula[] =>
      masks.filter(({ mask }) => some.includes(mask)).map((each) => negation(each.says))
    const others = (mask: MaskName): readonly MaskName[] => MASKS.filter((other) => other !== mask)
    const clashes = masks.flatMap((a, index) => masks.slice(index + 1).map((b) => allOf([a.says, b.says])))
    const found = new Map<RuleOutcome, Formula>([['plain', allOf([shown, says('plain'), ...without(MASKS)])]])
    for (const mask of MASKS) {
      found.set(
        mask,
        mask === 'redact'
          ? allOf([shown, anyOf([says('redact'), ...clashes])])
          : allOf([shown, says(mask), ...without(others(mask))]),
      )
    }
    found.set(
      'hidden',
      anyOf([negation(shown), negation(anyOf([says('plain'), ...masks.map((each) => each.says)]))]),
    )
    return new Map([...found].filter(([, where]) => where.op !== 'false'))
  }
}

/** When each rule fires, one formula object per rule and what a cell fixes, so that equals are recognised. */
export class RuleFormulas {
  readonly #known = new Map<string, Formula>()

  permit(bundle: Bundle, rule: CompiledRule, cell: Cell): Formula {
    return this.#of('permit', bundle, rule, cell, () => {
      const where = named(rule, { op: 'is-true', of: conditionOf(bundle, rule, cell) })
      return allOf([
        ...(rule.document.require.ticket === 'open' ? [{ op: 'switch', name: OPEN_TICKET } as const] : []),
        ...(rule.document.require.grant ? [{ op: 'switch', name: GRANT } as const] : []),
        where,
      ])
    })
  }

  forbid(bundle: Bundle, rule: CompiledRule, cell: Cell): Formula {
    return this.#of('forbid', bundle, rule, cell, () =>
      named(rule, { op: 'is-not-false', of: conditionOf(bundle, rule, cell) }),
    )
  }

  /** The key has all that the formula depends on, so that cells that differ in nothing else share it. */
  #of(kind: string, bundle: Bundle, rule: CompiledRule, cell: Cell, make: () => Formula): Formula {
    const resource = bundle.resources.get(cell.resource as ResourceName)
    const types = rule.conditionFields.map((name) => `${name}:${resource?.fields.get(name)?.type}`)
    const key = JSON.stringify([
      kind,
      rule.condition,
      rule.document.require.ticket,
      rule.document.require.grant,
      types,
      fixedKey(bundle, rule, cell),
    ])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#known.set(key, made)
    return made
  }
}

function fixedKey(bundle: Bundle, rule: CompiledRule, cell: Cell): readonly unknown[] {
  const text = JSON.stringify(rule.condition)
  const { document: contract, processor } = bundle.contracts.get(cell.contract as ContractId) ?? {}
  return [
    text.includes('"principal"') ? cell.role : '',
    text.includes('"contract"') ? [cell.contract, contract?.from, contract?.to, processor] : '',
  ]
}

function named(rule: CompiledRule, of: Formula): Formula {
  if (rule.condition.op === 'always' && !rule.document.require.grant) return TRUE
  return { op: 'named', text: describeCondition(rule.condition), of }
}

function conditionOf(bundle: Bundle, rule: CompiledRule, cell: Cell): Formula {
  const resource = bundle.resources.get(cell.resource as ResourceName)
  if (resource === undefined) return FALSE
  const fixed = fixedIn(bundle, cell)
  const where = formulaOf(rule.condition, resource.fields, fixed)
  if (!rule.document.require.grant) return where
  const within = (field: FieldName | undefined, name: string, all: string): Formula => {
    const limit: Formula =
      field === undefined
        ? FALSE
        : formulaOf({ op: 'eq', field, value: { scope: 'grant', name } }, resource.fields, fixed)
    return { op: 'or', of: [{ op: 'switch', name: all }, limit] }
  }
  const granted = within(resource.key, 'record', GRANT_FOR_ALL)
  // A grant for one data subject shows no more than one for all, so it matters to conditions alone that name it.
  return mentions(rule.condition, GRANTED_DATA_SUBJECT)
    ? {
        op: 'and',
        of: [where, granted, within(resource.dataSubject?.field, 'data_subject', GRANT_FOR_ANYBODY)],
      }
    : { op: 'and', of: [where, granted] }
}

const GRANTED_DATA_SUBJECT: Reference = { scope: 'grant', name: 'data_subject' }

function mentions(condition: Condition, { scope, name }: Reference): boolean {
  const text = JSON.stringify(condition)
  return text.includes(JSON.stringify({ scope, name }))
}

/** A cell fixes the role and the contract. */
function fixedIn(bundle: Bundle, cell: Cell): Fixed {
  const contract = bundle.contracts.get(cell.contract as ContractId)
  return ({ scope, name }) => {
    if (scope === 'principal' && name === 'role') return cell.role
    if (scope !== 'contract') return undefined
    if (contract === undefined) return null
    if (name === 'id') return contract.id
    if (name === 'processor') return contract.processor
    return name === 'from' ? contract.document.from : contract.document.to
  }
}

/** Whether a bundle lets a cell's questions through to its rules at an instant, the contract's live state being active. */
export function admits(bundle: Bundle, cell: Cell, now: Micros): boolean {
  if (!bundle.purposes.has(cell.purpose as PurposeId) || !bundle.resources.has(cell.resource as ResourceName))
    return false
  if (cell.contract === INTERNAL) return true
  const contract = bundle.contracts.get(cell.contract as ContractId)
  if (contract === undefined || now < contract.from || now >= contract.to) return false
  return contract.document.mode === 'observe' || contract.purposes.has(cell.purpose as PurposeId)
}
