import type { ContractId, FieldName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { ACTIONS, type Action } from '../bundle/schema.ts'
import { INTERNAL } from '../decision/rule-index.ts'
import { admits, CellRules, RuleFormulas, type Cell } from '../diff/cell.ts'
import type { Shown } from '../diff/diff-bundles.ts'
import { describeFormula } from '../region/formula.ts'
import { Solver } from '../region/solve.ts'

/** How one field is shown on some rows. */
export interface MatrixOutcome {
  readonly shown: Exclude<Shown, 'hidden'>
  /** In the rules' own words; `every row` where nothing limits it. */
  readonly rows: string
}

/** What people of one role see of one field for one purpose. */
export interface MatrixEntry {
  readonly resource: string
  readonly action: Action
  readonly role: string
  /** Contracts, or `internal`, for which all of this is the same. */
  readonly contracts: readonly string[]
  readonly purpose: string
  /** `null`: the records themselves, of which it is told how many there are. Under `count` a field is plain where they may be counted by it. */
  readonly field: FieldName | null
  /** Hidden on all other rows. */
  readonly outcomes: readonly MatrixOutcome[]
}

/** Role by purpose by field: everything anybody may do under the bundle, with the rows. What is not in it is hidden. */
export function policyMatrix(bundle: Bundle, actions: readonly Action[] = ACTIONS): readonly MatrixEntry[] {
  const formulas = new RuleFormulas()
  const solver = new Solver()
  return actions.flatMap((action) => matrixOf(bundle, action, formulas, solver))
}

function matrixOf(
  bundle: Bundle,
  action: Action,
  formulas: RuleFormulas,
  solver: Solver,
): readonly MatrixEntry[] {
  return [...bundle.resources.values()].flatMap((resource) => {
    const permits = bundle.rules.of(resource.name, action).filter(({ effect }) => effect === 'permit')
    const roles = new Set(permits.flatMap((rule) => [...(rule.roles ?? [])]))
    const entries = [...roles].flatMap((role) =>
      [...bundle.purposes.keys()].flatMap((purpose) =>
        [INTERNAL, ...bundle.contracts.keys()].flatMap((contract) => {
          const cell: Cell = { resource: resource.name, action, role, contract, purpose }
          const rules = new CellRules(
            bundle,
            cell,
            admits(bundle, cell, bundle.contracts.get(contract as ContractId)?.from ?? 0n),
            formulas,
          )
          // Most cells are nobody's: what one shows nothing of needs no search.
          if (rules.visible.op === 'false') return []
          return [...(action === 'count' ? [null] : []), ...resource.fields.keys()]
            .map((field) => ({ ...cell, field, outcomes: outcomesOf(rules, action, field, solver) }))
            .filter(({ outcomes }) => outcomes.length > 0)
        }),
      ),
    )
    return merged(entries)
  })
}

function outcomesOf(
  rules: CellRules,
  action: Action,
  field: FieldName | null,
  solver: Solver,
): readonly MatrixOutcome[] {
  const outcomes = field === null ? new Map([['plain' as const, rules.visible]]) : rules.outcomes(field)
  return [...outcomes].flatMap(([shown, where]) =>
    shown === 'hidden' ||
    (action === 'count' && shown !== 'plain') ||
    solver.solve(where, () => true).found === null
      ? []
      : [{ shown, rows: describeFormula(where) }],
  )
}

/** One entry for all contracts that give the same. */
function merged(
  entries: readonly (Omit<MatrixEntry, 'contracts'> & { readonly contract: string })[],
): readonly MatrixEntry[] {
  const found = new Map<string, MatrixEntry>()
  for (const { contract, ...entry } of entries) {
    const key = JSON.stringify(entry)
    const known = found.get(key)
    found.set(key, { ...entry, contracts: [...(known?.contracts ?? []), contract] })
  }
  return [...found.values()]
}
