import type { Micros, ResourceName, RuleId } from '@varco/core'
import type { Resource } from '../bundle/bundle.ts'
import type { Action } from '../bundle/schema.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { AccessRequest } from './request.ts'
import { Judges, type Judge } from './judge.ts'

/** The rules that can matter to one kind of question, and the outcomes they can give. */
export interface Plan {
  readonly resource: Resource
  readonly permits: readonly CompiledRule[]
  readonly forbids: readonly CompiledRule[]
  readonly judge: Judge
  readonly gate: Gate
}

/** What is known beforehand of whether questions of one contract and purpose reach the rules at all. */
export interface Gate {
  /** Never: the contract or the purpose is not known, or the purpose is outside an annex that is enforced. */
  readonly closed: boolean
  /** While the contract runs; `null` for the body's own staff. */
  readonly from: Micros | null
  readonly to: Micros | null
}

export type GateOf = (contract: string, purpose: string) => Gate

/** Every rule of a bundle, found without scanning: by resource, action, role and contract, then purpose. */
export interface CompiledRules {
  readonly all: readonly CompiledRule[]
  readonly byId: ReadonlyMap<RuleId, CompiledRule>
  readonly gateOf: GateOf
  /** `null` for a resource that is not in the catalogue. `contract` is a contract's id or `internal`. */
  plan(resource: string, action: Action, role: string, contract: string, purpose: string): Plan | null
  /** Whether some rule, for whatever action and purpose, permits the role something. `contract` as in `plan`. */
  opens(resource: string, role: string, contract: string): boolean
  /** Rules of a resource and action, whoever they are for. */
  of(resource: string, action: Action): readonly CompiledRule[]
}

/** What rules call the body's own staff where a contract is named. */
export const INTERNAL = 'internal'

const ANY: unique symbol = Symbol('any')
type Key = string | typeof ANY

interface Shelf {
  readonly resource: Resource
  readonly rules: CompiledRule[]
  readonly byRoleAndContract: Map<Key, Map<Key, CompiledRule[]>>
  /** Plans already made: by role, then by the places that contract and purpose have in the index. */
  readonly plans: Map<string, Plan[][]>
}

export function indexRules(
  rules: readonly CompiledRule[],
  resources: ReadonlyMap<ResourceName, Resource>,
  gateOf: GateOf,
): CompiledRules {
  const judges = new Judges()
  const contractPlaces = new Map<string, number>()
  const purposePlaces = new Map<string, number>()
  const shelves = new Map<string, Map<Action, Shelf>>()
  for (const resource of resources.values()) shelves.set(resource.name, new Map())
  const known = new Set<string>([INTERNAL])
  for (const rule of rules) {
    for (const name of [...(rule.roles ?? []), ...(rule.contracts ?? []), ...(rule.purposes ?? [])])
      known.add(name)
    const resource = resources.get(rule.document.resource as ResourceName)
    const byAction = shelves.get(rule.document.resource)
    if (resource === undefined || byAction === undefined) continue
    for (const action of new Set(rule.document.actions)) {
      const shelf = byAction.get(action) ?? emptyShelf(resource)
      byAction.set(action, shelf)
      shelve(shelf, rule)
    }
  }
  return {
    all: rules,
    gateOf,
    byId: new Map(rules.map((rule) => [rule.id, rule])),
    of: (resource, action) => shelves.get(resource)?.get(action)?.rules ?? [],
    opens: (resource, role, contract) => {
      for (const shelf of shelves.get(resource)?.values() ?? [])
        if (rulesFor(shelf, role, contract).some(({ effect }) => effect === 'permit')) return true
      return false
    },
    plan: (resource, action, role, contract, purpose) => {
      const byAction = shelves.get(resource)
      if (byAction === undefined) return null
      const shelf = byAction.get(action)
      if (shelf === undefined) return emptyPlan(resources, resource, gateOf(contract, purpose), judges)
      const contractAt = contractPlaces.get(contract)
      const purposeAt = purposePlaces.get(purpose)
      if (contractAt !== undefined && purposeAt !== undefined) {
        const found = shelf.plans.get(role)?.[contractAt]?.[purposeAt]
        if (found !== undefined) return found
      }
      const gate = gateOf(contract, purpose)
      const plan = makePlan(shelf, role, contract, purpose, gate, judges)
      // Only names of the bundle are remembered, so that nobody who asks can fill the memory.
      const isKnown =
        known.has(role) && (known.has(contract) || gate.from !== null) && (known.has(purpose) || !gate.closed)
      if (isKnown)
        remember(shelf, role, placeIn(contractPlaces, contract), placeIn(purposePlaces, purpose), plan)
      return plan
    },
  }
}

/** The rules that can matter to a request; `null` for a resource that is not in the catalogue. */
export function planForRequest(
  rules: CompiledRules,
  { resource, action, principal, contract, purpose }: AccessRequest,
): Plan | null {
  return rules.plan(resource, action, principal.role, contractName(contract), purpose ?? '')
}

/** Whether any rule could ever let this role, under this contract, see records of the resource. */
export function isOpenTo(
  rules: CompiledRules,
  { resource, principal, contract }: Pick<AccessRequest, 'resource' | 'principal' | 'contract'>,
): boolean {
  return rules.opens(resource, principal.role, contractName(contract))
}

function contractName(contract: AccessRequest['contract']): string {
  return contract === null ? INTERNAL : contract.id
}

function emptyShelf(resource: Resource): Shelf {
  return { resource, rules: [], byRoleAndContract: new Map(), plans: new Map() }
}

function emptyPlan(
  resources: ReadonlyMap<ResourceName, Resource>,
  name: string,
  gate: Gate,
  judges: Judges,
): Plan | null {
  const resource = resources.get(name as ResourceName)
  return resource === undefined
    ? null
    : { resource, permits: [], forbids: [], judge: judges.for(resource, [], []), gate }
}

function shelve(shelf: Shelf, rule: CompiledRule): void {
  shelf.rules.push(rule)
  for (const role of rule.roles ?? [ANY]) {
    const byContract = getOrMake(shelf.byRoleAndContract, role, () => new Map<Key, CompiledRule[]>())
    for (const contract of rule.contracts ?? [ANY])
      getOrMake(byContract, contract, () => [] as CompiledRule[]).push(rule)
  }
}

/** Rules for the role under the contract, for whatever purpose. */
function rulesFor(shelf: Shelf, role: string, contract: string): readonly CompiledRule[] {
  const roles: readonly Key[] = [role, ANY]
  const contracts: readonly Key[] = [contract, ANY]
  return roles.flatMap((roleKey) =>
    contracts.flatMap((contractKey) => shelf.byRoleAndContract.get(roleKey)?.get(contractKey) ?? []),
  )
}

function makePlan(
  shelf: Shelf,
  role: string,
  contract: string,
  purpose: string,
  gate: Gate,
  judges: Judges,
): Plan {
  const rules = rulesFor(shelf, role, contract).filter(
    (rule) => rule.purposes === null || rule.purposes.has(purpose),
  )
  const permits = rules.filter((rule) => rule.effect === 'permit')
  const forbids = rules.filter((rule) => rule.effect === 'forbid')
  const { resource } = shelf
  return { resource, permits, forbids, judge: judges.for(resource, permits, forbids), gate }
}

function placeIn(places: Map<string, number>, name: string): number {
  return getOrMake(places, name, () => places.size)
}

function remember(shelf: Shelf, role: string, contractAt: number, purposeAt: number, plan: Plan): void {
  const byContract = getOrMake(shelf.plans, role, () => [] as Plan[][])
  const byPurpose = byContract[contractAt] ?? []
  byContract[contractAt] = byPurpose
  byPurpose[purposeAt] = plan
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
