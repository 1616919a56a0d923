import type { ContractId, RuleId } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import type { CompiledRule } from '../decision/compiled-rule.ts'
import { indexRules, INTERNAL } from '../decision/rule-index.ts'
import { admits, RuleFormulas, type Cell } from '../diff/cell.ts'
import { diffDecisions } from '../diff/diff-bundles.ts'
import { negation } from '../region/formula.ts'
import { Solver } from '../region/solve.ts'

/** A rule that does not do what somebody who wrote it may think. */
export interface RuleFinding {
  readonly rule: RuleId
  /**
   * `never-fires`: no question and no record make it hold. `always-fires`: its condition keeps nobody out.
   * `dead`: without it every decision is the same, for other rules say what it says. `precaution`: a forbid of
   * what no rule permits, there for the day one does.
   */
  readonly finding: 'never-fires' | 'always-fires' | 'dead' | 'precaution'
}

/** Proved by region algebra, not by example; where a search gives up the rule is taken to be in order. */
export function findIdleRules(bundle: Bundle): readonly RuleFinding[] {
  const formulas = new RuleFormulas()
  const solver = new Solver()
  return bundle.rules.all.flatMap((rule): readonly RuleFinding[] => {
    const fires = cellsOf(bundle, rule).map((cell) =>
      rule.effect === 'permit' ? formulas.permit(bundle, rule, cell) : formulas.forbid(bundle, rule, cell),
    )
    const possible = (formula: (typeof fires)[number]): boolean =>
      solver.solve(formula, () => true).found !== null
    if (!fires.some(possible)) return [{ rule: rule.id, finding: 'never-fires' }]
    if (isDead(bundle, rule))
      return [{ rule: rule.id, finding: rule.effect === 'permit' ? 'dead' : 'precaution' }]
    const unconditional =
      rule.condition.op !== 'always' &&
      rule.document.require.ticket === 'none' &&
      !rule.document.require.grant &&
      !fires.some((each) => possible(negation(each)))
    return unconditional ? [{ rule: rule.id, finding: 'always-fires' }] : []
  })
}

/** Where the rule can matter: a purpose in the annex of a contract, a role that some permit of the resource names. */
function cellsOf(bundle: Bundle, rule: CompiledRule): readonly Cell[] {
  const roles = (resource: string, action: Cell['action']): readonly string[] => [
    ...(rule.roles ??
      new Set(
        bundle.rules
          .of(resource, action)
          .flatMap((other) => (other.effect === 'permit' ? [...(other.roles ?? [])] : [])),
      )),
  ]
  const contracts = [...(rule.contracts ?? [INTERNAL, ...bundle.contracts.keys()])]
  const purposes = [...(rule.purposes ?? bundle.purposes.keys())]
  return rule.document.actions
    .flatMap((action) =>
      roles(rule.document.resource, action).flatMap((role) =>
        contracts.flatMap((contract) =>
          purposes.map((purpose): Cell => ({
            resource: rule.document.resource,
            action,
            role,
            contract,
            purpose,
          })),
        ),
      ),
    )
    .filter((cell) => admits(bundle, cell, bundle.contracts.get(cell.contract as ContractId)?.from ?? 0n))
}

function isDead(bundle: Bundle, rule: CompiledRule): boolean {
  const without: Bundle = {
    ...bundle,
    rules: indexRules(
      bundle.rules.all.filter((other) => other !== rule),
      bundle.resources,
      bundle.rules.gateOf,
    ),
  }
  return diffDecisions(without, bundle, [rule.document.resource]).length === 0
}
