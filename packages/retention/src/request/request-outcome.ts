import type { DataSubjectRef } from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import type { RetentionDesk } from '../desk.ts'
import { letGoByEvent } from '../event/started-terms.ts'
import { holdsOn, type HoldQuestions, type LockedRecord } from '../hold.ts'
import type { PlannedRule, RetentionPlan } from '../plan.ts'
import { PAGE_KEYS } from '../due-pages.ts'
import type { DisposalRule } from '../rules.ts'
import { errandRule } from '../upstream/outbox.ts'
import { requestedResources, type RequestedResource } from './requested-resources.ts'

const recordOutcomeSchema = z.discriminatedUnion('outcome', [
  /** Of what went nothing remains but the keyed hash of its key. */
  z.strictObject({ outcome: z.literal('erased'), resource: z.string(), hash: z.string() }),
  z.strictObject({
    ...{ outcome: z.literal('restricted'), resource: z.string(), key: z.string() },
    norm: z.string().nullable(),
  }),
  z.strictObject({
    ...{ outcome: z.literal('withheld'), resource: z.string(), key: z.string() },
    /**
     * `norm`: it must be kept; `hold`: a case needs it; `referenced`: something that is kept needs it; `upstream`: what hangs
     * on it in another system could not be erased.
     */
    why: z.enum(['norm', 'hold', 'referenced', 'upstream']),
    norm: z.string().nullable(),
  }),
])
export type RecordOutcome = z.infer<typeof recordOutcomeSchema>

/** What became of each record of a data subject who asked for erasure, and who is told of it. */
export const requestOutcomeSchema = z.strictObject({
  request: z.string(),
  records: z.array(recordOutcomeSchema),
  /** GDPR Art. 19: the data subject is told of them on request. */
  recipients: z.array(
    z.strictObject({ processor: z.string(), contract: z.string(), resources: z.array(z.string()) }),
  ),
})
export type RequestOutcome = z.infer<typeof requestOutcomeSchema>

/** What went, by the plan's tombstones; what hung on it upstream as well. */
export async function erasedOutcomes(
  { store }: Pick<RetentionDesk, 'store'>,
  plan: RetentionPlan,
): Promise<readonly RecordOutcome[]> {
  const outcomes: RecordOutcome[] = []
  const addAll = async (rule: string): Promise<void> => {
    for await (const { resource, hashes } of store.tombstones(plan.id, rule))
      outcomes.push(...hashes.map((hash): RecordOutcome => ({ outcome: 'erased', resource, hash })))
  }
  for (const { rule, action, upstream = [] } of plan.rules) {
    if (action !== 'erase') continue
    await addAll(rule)
    for (const resource of new Set(upstream.map((each) => each.resource)))
      await addAll(errandRule(rule, resource))
  }
  return outcomes
}

/** Once the plan is carried out: what is still there, and why. */
export async function keptOutcomes(
  desk: RetentionDesk,
  plan: RetentionPlan,
  dataSubject: DataSubjectRef,
): Promise<readonly RecordOutcome[]> {
  const holds = await desk.store.holds()
  const stuck = Map.groupBy(await desk.outbox.abandoned(plan.id), ({ rule }) => rule)
  const outcomes: RecordOutcome[] = []
  const day = Temporal.PlainDate.from(plan.day)
  for (const requested of requestedResources(desk.bundle(), dataSubject, day)) {
    const holding = holdsOn(holds, requested.resource, desk)
    const unbound =
      requested.action === 'erase' ? await unboundIn(desk, plan, requested.rules) : new Set<string>()
    const left = await allOf(desk, [requested.all], holding)
    const isHeld = await holding.among(left)
    const upstream = new Set(
      requested.rules.flatMap(({ id }) => (stuck.get(id) ?? []).map(({ parent }) => parent)),
    )
    const kept = { isHeld, unbound, upstream }
    for (const record of left) outcomes.push(whatBecameOf(record, requested, kept))
  }
  return outcomes
}

/** Of a plan that was ended early: what it had restricted by then, and stays so, whatever the rules say by now. */
export async function restrictedOutcomes(
  desk: RetentionDesk,
  plan: RetentionPlan,
  dataSubject: DataSubjectRef,
  placed: readonly PlannedRule[],
): Promise<readonly RecordOutcome[]> {
  const outcomes: RecordOutcome[] = []
  const day = Temporal.PlainDate.from(plan.day)
  const requested = requestedResources(desk.bundle(), dataSubject, day)
  for (const planned of placed) {
    const theirs = requested.find(({ resource: { name } }) => name === planned.resource)
    if (theirs === undefined) continue
    const norm = theirs.action === 'restrict' ? theirs.norm : planned.because
    for (const { key } of await allOf(desk, [theirs.all]))
      outcomes.push({ outcome: 'restricted', resource: planned.resource, key, norm })
  }
  return outcomes
}

interface Kept {
  readonly isHeld: (record: LockedRecord) => boolean
  /** Keys of those that no floor keeps, neither by its days nor by what it waits for. */
  readonly unbound: ReadonlySet<string>
  /** Keys of those on which something hangs that would not go. */
  readonly upstream: ReadonlySet<string>
}

function whatBecameOf(
  record: LockedRecord,
  { resource: { name }, action, norm }: RequestedResource,
  { isHeld, unbound, upstream }: Kept,
): RecordOutcome {
  const here = { resource: name as string, key: record.key }
  if (action === 'restrict') return { outcome: 'restricted', ...here, norm }
  if (isHeld(record)) return { outcome: 'withheld', ...here, why: 'hold', norm: null }
  if (upstream.has(record.key)) return { outcome: 'withheld', ...here, why: 'upstream', norm: null }
  if (unbound.has(record.key)) return { outcome: 'withheld', ...here, why: 'referenced', norm: null }
  return { outcome: 'withheld', ...here, why: 'norm', norm }
}

/** As the run itself asked: a floor that waits for an event, or a contract's end, keeps the record until that is over. */
async function unboundIn(
  desk: RetentionDesk,
  { approvals }: RetentionPlan,
  rules: readonly DisposalRule[],
): Promise<ReadonlySet<string>> {
  const unbound = new Set<string>()
  for (const rule of rules) {
    const started = letGoByEvent(
      desk,
      rule,
      approvals.map(({ by }) => by),
    )
    for await (const page of pagesOf(desk, rule)) {
      const keys = page.map(({ key }) => key)
      const mayGo = await started(keys)
      for (const key of keys) if (mayGo(key)) unbound.add(key)
    }
  }
  return unbound
}

async function allOf(
  desk: RetentionDesk,
  rules: readonly DisposalRule[],
  asked?: HoldQuestions,
): Promise<readonly LockedRecord[]> {
  const all: LockedRecord[] = []
  for (const rule of rules) for await (const page of pagesOf(desk, rule, asked)) all.push(...page)
  return all
}

async function* pagesOf(
  { records }: RetentionDesk,
  rule: DisposalRule,
  asked?: HoldQuestions,
): AsyncGenerator<readonly LockedRecord[]> {
  for (let after: string | null = null; ;) {
    const page = await records.due(rule, after, PAGE_KEYS, asked)
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_KEYS) break
    after = last.key
  }
}
