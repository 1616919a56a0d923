import { createHash } from 'node:crypto'
import type { Pseudonym } from '@varco/core'
import type { HangingRecords } from '@varco/policy'
import { countCascades } from './count-cascades.ts'
import type { RetentionDesk } from './desk.ts'
import { duePages } from './due-pages.ts'
import { estimateRun, paceOfRuns } from './estimate-run.ts'
import { recordGraph, tableOf, type ForeignKey, type RecordGraph } from './graph.ts'
import { holdsOn, type Hold } from './hold.ts'
import {
  basisOf,
  hashOf,
  placeOf,
  recordsToGo,
  type PlannedRule,
  type PlanRequest,
  type RetentionPlan,
} from './plan.ts'
import { Temporal } from 'temporal-polyfill'
import { dayAt, dueRules, strictest, takesAway, type DisposalRule, type DueRule } from './rules.ts'
import { broughtBackRules, burialBy } from './plan-rules.ts'
import type { Buried, PlanPage } from './store.ts'
import { perhapsBuried } from './unsure-records.ts'

const SAMPLE = 5

export interface PlanOptions {
  readonly by: Pseudonym
  /** Only these; absent: all. */
  readonly rules?: readonly string[]
  /** For which no two plans are to be open; see `RetentionStore.addPlan`. */
  readonly sole?: string
  readonly onProgress?: (records: number) => void
}

/** Whether a plan is of what is due, of what had gone and is back, or of what a data subject asked for. */
export type PlanKind = 'due' | 'replay' | 'request'

/**
 * Lists what is due today, children before parents, and changes no record. Two plans of one day over the same records
 * and rules have the same hash. The keys stay in the store until a run has settled them; the plan itself holds none.
 * @throws UnavailableError when records, store or log cannot be reached: then there is no plan
 */
export async function planRetention(desk: RetentionDesk, options: PlanOptions): Promise<RetentionPlan> {
  return makePlan(desk, options, { kind: 'due', rules: (day) => bundleRules(desk, day, options.rules) })
}

/**
 * After a restore from a backup: plans what had gone and is back, known by its tombstones. What is due was approved when it
 * went, and is approved. What went on request no date tells from a new record with its key: people agree to it again. Holds
 * placed since stop either.
 * @throws UnavailableError when records, store or log cannot be reached: then there is no plan
 */
export async function planReplay(desk: RetentionDesk, options: PlanOptions): Promise<RetentionPlan> {
  const { rules } = options
  return makePlan(desk, options, {
    kind: 'replay',
    rules: (day) => [
      ...bundleRules(desk, day, rules),
      ...broughtBackRules(desk.bundle()).filter(({ id }) => rules?.includes(id) ?? true),
    ],
  })
}

/** What a plan is made of. */
export interface PlanMaking {
  readonly kind: PlanKind
  /** By the day, an ISO date. */
  readonly rules: (day: string) => readonly DisposalRule[]
  readonly request?: PlanRequest
}

export async function makePlan(
  desk: RetentionDesk,
  options: Omit<PlanOptions, 'rules'>,
  { kind, request, ...making }: PlanMaking,
): Promise<RetentionPlan> {
  const { store, log, clock, newId, records } = desk
  const bundle = desk.bundle()
  const plannedAt = clock.now()
  const today = dayAt(plannedAt, bundle.document.varco.time_zone)
  const foreignKeys = await records.foreignKeys()
  const graph = recordGraph(bundle, foreignKeys)
  const rules = rulesInOrder(making.rules(today.toString()), graph)
  const holds = await store.holds()
  const pace = await paceOfRuns(store)
  const planned: PlannedRule[] = []
  const tellers = new Set<Pseudonym>()
  const id = newId()
  const pages = pagesOf(
    desk,
    { rules, graph, holds, foreignKeys, kind },
    { planned, tellers },
    options.onProgress,
  )
  const finish = (): RetentionPlan => {
    const parts = {
      day: today.toString(),
      policyVersion: bundle.version,
      basis: basisOf(rules, graph),
      rules: planned,
    }
    const needed = rules.filter(
      (rule, at) =>
        (planned[at]?.records ?? 0) > 0 && (kind !== 'replay' || burialBy(rule) === 'erase-on-request'),
    )
    const approval = strictest(needed.map((rule) => rule.approval))
    const estimate = estimateRun(pace, recordsToGo(parts))
    return {
      ...parts,
      id,
      state: approval === 'none' ? 'approved' : 'planned',
      plannedBy: options.by,
      plannedAt,
      approval,
      approvals: [],
      faults: faultsAmong(graph, rules),
      hash: hashOf(parts),
      ...(estimate === null ? {} : { estimate }),
      ...(tellers.size === 0 ? {} : { tellers: [...tellers].toSorted() }),
      ...(request === undefined ? {} : { request }),
      startedAt: null,
      endedAt: null,
      revision: 0,
    }
  }
  const plan = await store.addPlan(id, pages, finish, options.sole)
  if (plan.id !== id) return plan
  await log.append({
    kind: kind === 'replay' ? 'retention-replayed' : 'retention-planned',
    requestId: newId(),
    operator: options.by,
    policyVersion: bundle.version,
    detail: {
      ...{ plan: id, hash: plan.hash, records: planned.reduce((sum, { records: n }) => sum + n, 0) },
      ...(request === undefined ? {} : { request: request.id }),
    },
  })
  return plan
}

/** The bundle's rules as they stand on the day. */
export function bundleRules(
  { bundle }: Pick<RetentionDesk, 'bundle'>,
  day: string,
  only?: readonly string[],
): readonly DueRule[] {
  return dueRules(bundle(), Temporal.PlainDate.from(day)).filter(
    ({ id }) => only === undefined || only.includes(id),
  )
}

/** Children first; on one table what takes away comes before what only masks, for the harsher stage wins. */
export function rulesInOrder(rules: readonly DisposalRule[], graph: RecordGraph): readonly DisposalRule[] {
  const place = (rule: DisposalRule): number =>
    componentOf(rule, graph) * 2 + (takesAway(rule.action) ? 0 : 1)
  return rules.toSorted((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1))
}

/** Rules whose records may point at one another, and go leaf by leaf over all of their tables; each other stands alone. */
export function roundsOf(
  rules: readonly DisposalRule[],
  graph: RecordGraph,
): readonly (readonly DisposalRule[])[] {
  const inOrder = rulesInOrder(rules, graph)
  return [
    ...Map.groupBy(inOrder, (rule) =>
      takesAway(rule.action) ? String(componentOf(rule, graph)) : rule.id,
    ).values(),
  ]
}

function componentOf({ resource }: DisposalRule, { components }: RecordGraph): number {
  return components.findIndex((component) => component.includes(tableOf(resource)))
}

/** Faults that concern a table the rules empty. */
export function faultsAmong(graph: RecordGraph, rules: readonly DisposalRule[]): RetentionPlan['faults'] {
  const emptied = new Set(
    rules.filter(({ action }) => takesAway(action)).map(({ resource }) => tableOf(resource)),
  )
  return graph.faults.filter(({ parent }) => emptied.has(parent))
}

interface Listing {
  readonly rules: readonly DisposalRule[]
  readonly graph: RecordGraph
  readonly holds: readonly Hold[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly kind: PlanKind
}

/** What is known once all is listed. */
interface Listed {
  readonly planned: PlannedRule[]
  readonly tellers: Set<Pseudonym>
}

async function* pagesOf(
  desk: RetentionDesk,
  { rules, graph, holds, foreignKeys, kind }: Listing,
  { planned, tellers }: Listed,
  onProgress: PlanOptions['onProgress'],
): AsyncGenerator<PlanPage> {
  const { records, hashKey } = desk
  let total = 0
  for (const rule of rules) {
    const holding = holdsOn(holds, rule.resource, desk)
    await using buried = await knownBurials(desk, rule, kind)
    const reached = countCascades(records, rule, foreignKeys, rules)
    const digest = createHash('sha256')
    const sample: string[] = []
    let count = 0
    let held = 0
    let untold = 0
    let unproven = 0
    let oldest: string | null = null
    for await (const page of duePages(desk, rule, { holding, buried, kind })) {
      const { keys } = page
      digest.update(keys.map((key) => `${key.length}:${key}`).join(''))
      for (const key of keys.slice(0, SAMPLE - sample.length)) sample.push(hashKey(rule.resource.name, key))
      for (const teller of page.tellers) tellers.add(teller)
      if (page.oldest !== null && (oldest === null || page.oldest < oldest)) oldest = page.oldest
      count += keys.length
      held += page.held
      untold += page.untold
      unproven += page.unproven
      total += keys.length
      await reached.add(keys)
      if (keys.length > 0) yield { rule: rule.id, keys }
      onProgress?.(total)
    }
    planned.push({
      rule: rule.id,
      resource: rule.resource.name,
      action: rule.action,
      because: rule.because,
      owner: rule.owner,
      place: placeOf(rule.resource),
      records: count,
      oldest: oldest?.slice(0, 10) ?? null,
      sample,
      held,
      cascades: reached.cascades,
      withoutTrigger: (await records.withoutTrigger(rule)) + untold,
      ...(unproven === 0 ? {} : { unproven }),
      digest: hashKey('plan', digest.digest('hex')),
      ...upstreamOf(rule, graph),
    })
  }
}

function upstreamOf(rule: DisposalRule, graph: RecordGraph): Pick<PlannedRule, 'upstream'> {
  const hanging = hangingOnRule(rule, graph)
  if (hanging.length === 0) return {}
  const upstream = hanging.map(({ resource, upstream: { name }, field }) => ({
    ...{ resource: resource.name, upstream: name, by: field },
  }))
  return { upstream }
}

/** What goes before the rule's records do. */
export function hangingOnRule(
  { action, resource }: DisposalRule,
  { hanging }: RecordGraph,
): readonly HangingRecords[] {
  return takesAway(action) ? (hanging.get(tableOf(resource)) ?? []) : []
}

/** What a plan goes by besides what is due; `null`: it takes whatever is. */
async function knownBurials(
  { store }: Pick<RetentionDesk, 'store'>,
  rule: DisposalRule,
  kind: PlanKind,
): Promise<Buried | null> {
  const { resource, action } = rule
  if (kind === 'request' || (takesAway(action) && kind === 'due')) return null
  const burial = burialBy(rule)
  return kind === 'replay'
    ? await perhapsBuried(store, resource.name, burial)
    : await store.buried(resource.name, [burial])
}
