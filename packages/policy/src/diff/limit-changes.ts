import { canonicalJson, type Json, type RuleId } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import type { CompiledRule } from '../decision/compiled-rule.ts'
import { INTERNAL } from '../decision/rule-index.ts'
import type { StructuralChange } from './structural-changes.ts'

/** What a permit asks beside its conditions: how many records an hour, that people prove anew who they are, what they are told. */
interface Limits {
  /** `Infinity`: no limit. */
  readonly recordsPerHour: number
  readonly stepUp: boolean
  readonly notices: readonly string[]
}

/**
 * Limits that were loosened. While a rule's reach stays, its own limits are compared; where the rule is gone, or says
 * something else under its old name, each question it answered must still meet a rule of the same conditions whose limits
 * are no looser: a limit is not shed by another name.
 */
export function limitChanges(before: Bundle, after: Bundle): readonly StructuralChange[] {
  return before.rules.all
    .filter(({ effect }) => effect === 'permit')
    .flatMap((rule) => {
      const namesake = after.rules.byId.get(rule.id)
      const stays = namesake !== undefined && reachOf(namesake) === reachOf(rule)
      const now = stays ? limitsOf([namesake]) : loosest(rule, after)
      return now === null ? [] : differences(rule.id, limitsOf([rule]), now, stays)
    })
}

function differences(name: RuleId, was: Limits, is: Limits, tightened: boolean): readonly StructuralChange[] {
  const looser = {
    budget: is.recordsPerHour > was.recordsPerHour,
    stepUp: was.stepUp && !is.stepUp,
    notice: was.notices.some((each) => !is.notices.includes(each)),
  }
  return [
    {
      about: 'budget' as const,
      name,
      from: budgetText(was.recordsPerHour),
      to: budgetText(is.recordsPerHour),
      widens: looser.budget,
    },
    {
      about: 'step-up' as const,
      name,
      from: String(was.stepUp),
      to: String(is.stepUp),
      widens: looser.stepUp,
    },
    {
      about: 'notice' as const,
      name,
      from: noticeText(was.notices),
      to: noticeText(is.notices),
      widens: looser.notice,
    },
  ].filter(({ from, to, widens }) => from !== to && (widens || tightened))
}

/** The least that any question the rule answered meets now; `null` where none of them is answered. */
function loosest(rule: CompiledRule, after: Bundle): Limits | null {
  const own = limitsOf([rule])
  if (own.recordsPerHour === Infinity && !own.stepUp && own.notices.length === 0) return null
  const found = plansOf(rule, after)
    .filter((permits) => permits.length > 0)
    .map((permits) => limitsWhere(rule, permits))
  return found.length === 0
    ? null
    : {
        recordsPerHour: Math.max(...found.map(({ recordsPerHour }) => recordsPerHour)),
        stepUp: found.every(({ stepUp }) => stepUp),
        notices: inAll(found),
      }
}

/** What people are told whichever of these it is. */
function inAll(limits: readonly Limits[]): readonly string[] {
  const [first, ...others] = limits
  return (first?.notices ?? []).filter((each) => others.every(({ notices }) => notices.includes(each)))
}

/** Wherever the rule held: whatever else holds there, so do those with its conditions; and one of all the permits does. */
function limitsWhere(rule: CompiledRule, permits: readonly CompiledRule[]): Limits {
  const alike = limitsOf(permits.filter((each) => conditionsOf(each) === conditionsOf(rule)))
  const each = permits.map((permit) => limitsOf([permit]))
  return {
    recordsPerHour: Math.min(
      alike.recordsPerHour,
      Math.max(...each.map(({ recordsPerHour }) => recordsPerHour)),
    ),
    stepUp: alike.stepUp || each.every(({ stepUp }) => stepUp),
    notices: [...new Set([...alike.notices, ...inAll(each)])],
  }
}

/** The permits that now answer each kind of question the rule answered. */
function plansOf({ document, roles, purposes, contracts }: CompiledRule, after: Bundle) {
  const everyPurpose = purposes ?? after.purposes.keys()
  const everyContract = contracts ?? [INTERNAL, ...after.contracts.keys()]
  return document.actions.flatMap((action) =>
    [...(roles ?? [])].flatMap((role) =>
      [...everyContract].flatMap((contract) =>
        [...everyPurpose].map(
          (purpose) => after.rules.plan(document.resource, action, role, contract, purpose)?.permits ?? [],
        ),
      ),
    ),
  )
}

/** All of these hold together: the stricter wins. */
function limitsOf(permits: readonly CompiledRule[]): Limits {
  return {
    recordsPerHour: Math.min(
      ...permits.map(({ document }) => document.require.max_records_per_hour ?? Infinity),
    ),
    stepUp: permits.some(({ document }) => document.require.step_up === true),
    notices: permits
      .flatMap(({ document }) => document.require.notice ?? [])
      .map((each) => canonicalJson(each)),
  }
}

/** Equal texts: wherever the one holds, the other does. In whatever order the keys were written, or came from the store. */
function conditionsOf({ document: { require, where } }: CompiledRule): string {
  return canonicalJson([(where ?? null) as Json, require.ticket, require.grant])
}

function reachOf(rule: CompiledRule): string {
  const { actions, contracts, effect, purposes, resource, role } = rule.document
  return JSON.stringify([effect, resource, actions, role, contracts, purposes, conditionsOf(rule)])
}

function noticeText(notices: readonly string[]): string {
  return notices.length === 0 ? 'none' : notices.toSorted().join(' and ')
}

function budgetText(records: number): string {
  return records === Infinity ? 'no limit' : `${records} records an hour`
}
