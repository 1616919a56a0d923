import type { Micros } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { isReference } from '../condition/bind-condition.ts'
import { partsOf } from '../condition/parts-of.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Condition } from './condition.ts'
import { decide } from './decide.ts'
import type { Decision, Permit } from './decision.ts'
import type { AccessRequest, Principal } from './request.ts'
import { planForRequest, type Plan } from './rule-index.ts'

interface Remembered {
  /** What the question was, but for when it was asked and by whom. */
  readonly request: AccessRequest
  readonly permit: Permit
  /** From when (inclusive) to when (exclusive) the answer is the same at every moment. */
  readonly from: Micros | null
  readonly to: Micros | null
}

/** Of one principal under one bundle: more kinds of question than a person's work consists of. */
const MOST_OF_ONE = 32

/**
 * `decide`, which remembers the permits it gave: whoever works asks the same again and again, of other records. A permit
 * is given again to the very same facts alone (the same objects, which are never changed, only replaced), and only as
 * long as time changes nothing of it: no contract begins or ends in between, no grant expires, no ticket begins to be
 * older than the access. What a rule compares with `$now` is never remembered, nor is a denial.
 */
export class DecisionMemory {
  readonly #known = new WeakMap<Bundle, WeakMap<Principal, Remembered[]>>()

  decide(bundle: Bundle, request: AccessRequest): Decision {
    const known = this.#of(bundle, request.principal)
    const found = known.find((each) => isSame(each.request, request) && holdsAt(each, request.now))
    if (found !== undefined) return found.permit
    const decision = decide(bundle, request)
    if (decision.effect === 'permit' && isTimeless(planForRequest(bundle.rules, request))) {
      known.unshift({ request, permit: decision, ...stretchOf(bundle, request) })
      if (known.length > MOST_OF_ONE) known.pop()
    }
    return decision
  }

  #of(bundle: Bundle, principal: Principal): Remembered[] {
    const byPrincipal = this.#known.get(bundle) ?? new WeakMap<Principal, Remembered[]>()
    this.#known.set(bundle, byPrincipal)
    const known = byPrincipal.get(principal) ?? []
    byPrincipal.set(principal, known)
    return known
  }
}

function isSame(a: AccessRequest, b: AccessRequest): boolean {
  return (
    a.action === b.action &&
    a.resource === b.resource &&
    a.purpose === b.purpose &&
    a.ticket === b.ticket &&
    a.grant === b.grant &&
    a.contract === b.contract
  )
}

function holdsAt({ from, to }: Remembered, now: Micros): boolean {
  return (from === null || from <= now) && (to === null || now < to)
}

/** Around `now`, as far as no moment that an answer can turn on lies in between. */
function stretchOf(
  bundle: Bundle,
  { now, contract, ticket, grant }: AccessRequest,
): Pick<Remembered, 'from' | 'to'> {
  const terms = contract === null ? undefined : bundle.contracts.get(contract.id)
  const moments = [
    ...(terms === undefined ? [] : [terms.from, terms.to]),
    ...(ticket === null || ticket === 'unknown' ? [] : [ticket.openedAt]),
    ...(grant === null ? [] : [grant.expiresAt]),
  ]
  let from: Micros | null = null
  let to: Micros | null = null
  for (const moment of moments) {
    if (moment <= now && (from === null || moment > from)) from = moment
    if (moment > now && (to === null || moment < to)) to = moment
  }
  return { from, to }
}

const TIMELESS = new WeakMap<Plan, boolean>()

/** Whether no rule of the plan looks at the clock. */
function isTimeless(plan: Plan | null): boolean {
  if (plan === null) return false
  const known = TIMELESS.get(plan)
  if (known !== undefined) return known
  const timeless = ![...plan.permits, ...plan.forbids].some((rule: CompiledRule) =>
    readsClock(rule.condition),
  )
  TIMELESS.set(plan, timeless)
  return timeless
}

function readsClock(condition: Condition): boolean {
  const values = [
    ...('value' in condition ? [condition.value] : []),
    ...('values' in condition ? [condition.values] : []),
    ...('from' in condition ? [condition.from, condition.to] : []),
  ]
  return (
    values.some((value) => isReference(value) && value.scope === 'now') || partsOf(condition).some(readsClock)
  )
}
