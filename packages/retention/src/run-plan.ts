import type { Micros, Pseudonym } from '@varco/core'
import type { ArchivedRecord, ArchiveSeal } from './archive.ts'
import {
  digestTombstones,
  makeCertificate,
  type CertifiedRule,
  type SignedCertificate,
} from './certificate.ts'
import type { RetentionDesk } from './desk.ts'
import { letGoByEvent } from './event/started-terms.ts'
import { recordGraph, tableOf, type RecordGraph } from './graph.ts'
import { holdsOn, type HoldsOn } from './hold.ts'
import { basisOf, placeOf, withoutDataSubject, type PlannedRule, type RetentionPlan } from './plan.ts'
import { closeOpenPages } from './close-open-pages.ts'
import { faultsAmong, hangingOnRule, roundsOf, rulesInOrder } from './plan-retention.ts'
import { rulesOfPlan } from './plan-rules.ts'
import { recoverPage, settledSlice, slicedRule } from './recover-page.ts'
import { answerRequest } from './request/answer-request.ts'
import { refuse, type RetentionRefused } from './refused.ts'
import { dayAt, takesAway, type DisposalRule } from './rules.ts'
import { restrictStage } from './restrict-stage.ts'
import { SliceSize } from './slice-size.ts'
import type { SliceTransaction } from './records.ts'
import type { ClaimedPage, RuleTotals } from './store.ts'
import { perhapsBuried, unsureOf } from './unsure-records.ts'
import { OTHERS_MS } from './others-pages.ts'
import { clearUpstreams, type Cleared } from './upstream/clear-upstreams.ts'
import { wentUpstream } from './upstream/went-upstream.ts'

/** Of a run beside which people work on the same records, unless it is told another. */
export const DEFAULT_DUTY = 0.25

export interface RunOptions {
  readonly plan: string
  readonly by: Pseudonym
  /** Ends the run between two slices; it goes on at the next `runPlan`. */
  readonly stop?: AbortSignal
  /**
   * Share of the time the run may keep the records' database busy, above 0 and up to 1; absent: 1, and then it works at three
   * pages at once, which takes as many connections.
   */
  readonly duty?: number
  /** Of the plan's records, how many this run and those before have done with. */
  readonly onProgress?: (settled: number) => void
}

export type RunOutcome =
  | { readonly ok: true; readonly ended: 'done'; readonly certificate: SignedCertificate }
  | { readonly ok: true; readonly ended: 'stopped' }
  /** All is done but what waits for an upstream: gone on with at the next `runPlan` from that time on. */
  | { readonly ok: true; readonly ended: 'put-off'; readonly until: Micros }
  | RetentionRefused

const NONE: RuleTotals = {
  ...{ done: 0, held: 0, referenced: 0, notDue: 0, busy: 0, gone: 0, identifiable: 0 },
  ...{ foundAgain: 0, upstream: 0, notReached: 0 },
}

/**
 * Carries an approved plan out, leaf first, slice by slice; several processes may, and any may end at any point. Each
 * slice is one transaction of the records, in which every record is asked again whether it is due, held or pointed at.
 * A slice of which nobody knows whether it was committed is settled by looking at what is there.
 * @throws UnavailableError when the records or the store fail: run it again
 */
export async function runPlan(desk: RetentionDesk, options: RunOptions): Promise<RunOutcome> {
  const started = await start(desk, options)
  if ('ok' in started) return started
  const { plan, rules, graph } = started
  const slices = new Slices(desk, options, {
    approvers: plan.approvals.map(({ by }) => by),
    settled: settledBefore(await desk.store.totals(plan.id)),
  })
  for (const round of roundsOf(rules, graph)) {
    for (const rule of round)
      if (rule.action === 'restrict') await restrictStage(desk, plan, rule, options.by)
    const end = await slices.runRound(plan.id, round, graph)
    if (end === 'over') continue
    // Another process came to the end first, and the plan is over: that is no stop.
    const known = await desk.store.certificate(plan.id)
    if (known !== null) return certificateOf(known)
    return end === 'stopped'
      ? { ok: true, ended: 'stopped' }
      : { ok: true, ended: 'put-off', until: end.until }
  }
  return finish(desk, plan, options)
}

interface Started {
  readonly plan: RetentionPlan
  readonly rules: readonly DisposalRule[]
  readonly graph: RecordGraph
}

async function start(desk: RetentionDesk, options: RunOptions): Promise<Started | RunOutcome> {
  const { plan: id, by } = options
  const { store, records, log, clock, newId } = desk
  const plan = await store.plan(id)
  if (plan === null) return refuse('unknown-plan')
  if (plan.state === 'planned') return refuse('not-approved')
  if (plan.state === 'cancelled') return refuse('plan-over')
  const known = await store.certificate(id)
  if (known !== null) {
    // A process that ended right after it had certified.
    if (plan.state !== 'done') await close(store, plan, clock.now())
    return { ok: true, ended: 'done', certificate: known }
  }
  if (plan.state === 'ending') {
    const closed = await closeOpenPages(desk, plan, options.stop)
    return closed ? finish(desk, plan, options) : { ok: true, ended: 'stopped' }
  }
  const now = clock.now()
  if (dayAt(now, desk.bundle().document.varco.time_zone).toString() < plan.day) return refuse('clock-behind')
  const graph = recordGraph(desk.bundle(), await records.foreignKeys())
  const rules = rulesInOrder(rulesOfPlan(desk, plan), graph)
  if (faultsAmong(graph, rules).length > 0) return refuse('graph-fault')
  if (basisOf(rules, graph) !== plan.basis) return refuse('rules-changed')
  if (plan.state === 'running') return { plan, rules, graph }
  await log.append({
    kind: 'retention-started',
    requestId: newId(),
    operator: by,
    policyVersion: plan.policyVersion,
    detail: { plan: id, hash: plan.hash, again: plan.startedAt !== null },
  })
  const running: RetentionPlan = {
    ...plan,
    state: 'running',
    startedAt: plan.startedAt ?? now,
    revision: plan.revision + 1,
  }
  if (await store.replacePlan(running)) return { plan: running, rules, graph }
  const theirs = await store.plan(id)
  return theirs?.state === 'running' ? { plan: theirs, rules, graph } : refuse('changed-meanwhile')
}

/** In vain, on a record somebody else has locked, or one whose children another process is still taking away. */
const PASSES = 5
/** While one waits for the disk, and one is hashed, the database works at the third. */
const PAGES_AT_ONCE = 3
/** Records on which something hangs upstream stay locked while it is taken away: fewer at once. */
const HUNG_ON_KEYS = 20
/** A run waits for an upstream itself, a few times, where it need not wait for long. */
const SHORT_WAIT_MS = 5_000
const SHORT_WAITS = 3

/** How a round ended; `until`: what hangs on its records waits for an upstream. */
type RoundEnd = 'over' | 'stopped' | { readonly until: Micros }

class Slices {
  readonly #desk: RetentionDesk
  readonly #options: RunOptions
  /** Of the plan. */
  readonly #approvers: readonly Pseudonym[]
  readonly #size: SliceSize
  #settled: number
  #faulted = false

  constructor(
    desk: RetentionDesk,
    options: RunOptions,
    plan: { readonly approvers: readonly Pseudonym[]; readonly settled: number },
  ) {
    this.#desk = desk
    this.#options = options
    this.#approvers = plan.approvers
    this.#settled = plan.settled
    this.#size = new SliceSize(this.#duty < 1)
  }

  /** Until no page of the rules is open, whoever works on them. */
  async runRound(plan: string, rules: readonly DisposalRule[], graph: RecordGraph): Promise<RoundEnd> {
    // A chain of records goes leaf by leaf, one a pass: passes are counted from the last that took something away.
    let vain = 0
    let done = -1
    let waits = 0
    const isHungOn = rules.some((rule) => hangingOnRule(rule, graph).length > 0)
    for (let pass = 1; ; pass++) {
      const { open, behind } = await this.#standing(plan, rules, pass)
      if (open > 0 && behind === 0) {
        // An earlier run or another process has made this pass: nothing was tried, and nothing tried in vain.
        if (await this.#stopped(plan)) return 'stopped'
        continue
      }
      const isLast = vain >= PASSES - 1
      for (const rule of rules) if (!(await this.#pass(plan, rule, graph, pass, isLast))) return 'stopped'
      if ((await this.#standing(plan, rules, pass)).open === 0) return 'over'
      const totals = await this.#desk.store.totals(plan)
      const now = rules.reduce((sum, { id }) => sum + (totals.get(id)?.done ?? 0), 0)
      vain = now > done ? 0 : vain + 1
      const until = vain > 0 && isHungOn ? await this.#upstreamsWaitUntil(plan) : null
      if (until !== null) {
        const ms = Number(until - this.#desk.clock.now()) / 1_000
        if (ms > SHORT_WAIT_MS || ++waits > SHORT_WAITS) return { until }
        await this.#desk.pause(Math.max(ms, OTHERS_MS))
        vain = 0
      } else if (vain > 0) await this.#desk.pause(OTHERS_MS)
      done = now
    }
  }

  /**
   * At several pages at once where nothing but the database is waited for, and it may be kept busy.
   * @returns `false` when stopped
   */
  async #pass(
    plan: string,
    rule: DisposalRule,
    graph: RecordGraph,
    pass: number,
    isLast: boolean,
  ): Promise<boolean> {
    const isAlone = this.#duty < 1 || !takesAway(rule.action) || hangingOnRule(rule, graph).length > 0
    const hands = Array.from({ length: isAlone ? 1 : PAGES_AT_ONCE }, async () => {
      try {
        return await this.#passByHand(plan, rule, graph, pass, isLast)
      } catch (fault) {
        // What the others have under way they end, and begin no more.
        this.#faulted = true
        throw fault
      }
    })
    const ends = await Promise.allSettled(hands)
    const faults = ends.filter((end) => end.status === 'rejected')
    if (faults[0] !== undefined) throw faults[0].reason
    return ends.every((end) => end.status === 'fulfilled' && end.value)
  }

  /** @returns `false` when stopped */
  async #passByHand(
    plan: string,
    rule: DisposalRule,
    graph: RecordGraph,
    pass: number,
    isLast: boolean,
  ): Promise<boolean> {
    const { store, pause } = this.#desk
    for (;;) {
      if (await this.#stopped(plan)) return false
      await using page = await store.claimPage(plan, rule.id, pass)
      if (page !== null) {
        if (!(await this.#runPage(plan, page, rule, graph))) return false
        if (isLast && (await this.#upstreamsWaitUntil(plan)) === null) {
          const left = page.todo.length
          await page.close()
          this.#hasSettled(left)
        }
        continue
      }
      const { behind } = await store.openPages(plan, rule.id, pass)
      if (behind === 0) return true
      await pause(OTHERS_MS)
    }
  }

  /** Of all the rules: pages not closed, and those of them still short of this pass. */
  async #standing(
    plan: string,
    rules: readonly DisposalRule[],
    pass: number,
  ): Promise<{ readonly open: number; readonly behind: number }> {
    const sum = { open: 0, behind: 0 }
    for (const { id } of rules) {
      const { open, behind } = await this.#desk.store.openPages(plan, id, pass)
      sum.open += open
      sum.behind += behind
    }
    return sum
  }

  async #runPage(plan: string, page: ClaimedPage, rule: DisposalRule, graph: RecordGraph): Promise<boolean> {
    const sliced = slicedRule(rule)
    await recoverPage(this.#desk, page, sliced)
    const { todo } = page
    const { records } = this.#desk
    const archive =
      rule.action === 'archive'
        ? (taken: readonly ArchivedRecord[]) => this.#desk.archive.add(plan, rule.id, taken)
        : null
    const references = graph.references.filter(({ parent }) => parent === tableOf(rule.resource))
    const hanging = hangingOnRule(rule, graph)
    const started = letGoByEvent(this.#desk, rule, this.#approvers)
    for (let from = 0; from < todo.length;) {
      if (from > 0 && (await this.#stopped(plan))) return false
      const most = hanging.length === 0 ? this.#size.keys : Math.min(this.#size.keys, HUNG_ON_KEYS)
      const keys = todo.slice(from, from + most)
      from += keys.length
      const beganAt = this.#desk.clock.now()
      const cleared =
        hanging.length === 0
          ? null
          : await clearUpstreams(this.#desk, {
              ...{ plan, rule, keys, references, hanging, approvers: this.#approvers },
              stop: () => this.#options.stop?.aborted === true,
              isOver: () => this.#stopped(plan),
            })
      const before = this.#desk.clock.now()
      const open = page.todo.length
      await page.slice(keys, records, async ({ holds, confirm, within }) => {
        // What only restricts takes nothing away from a case.
        const heeded =
          rule.action === 'restrict'
            ? null
            : heldUpstreamToo(holdsOn(holds, rule.resource, this.#desk), cleared)
        const task = { rule, keys, references, holds: heeded, confirm, archive, started, within }
        const disposed = await records.dispose(cleared === null ? task : { ...task, clear: cleared.clear })
        const foundAgain = await this.#foundAgain(rule, disposed.done, within)
        return settledSlice(this.#desk, sliced, { disposed, foundAgain, cleared })
      })
      if (page.unasked.length > 0) await recoverPage(this.#desk, page, sliced)
      // What stays for another pass is not done with.
      this.#hasSettled(open - page.todo.length)
      this.#size.took(keys.length, Number(this.#desk.clock.now() - before) / 1_000)
      const wholeMs = Number(this.#desk.clock.now() - beganAt) / 1_000
      if (this.#duty < 1) await this.#desk.pause(wholeMs * (1 / this.#duty - 1))
    }
    return true
  }

  /**
   * The verification of the certificate: asked again of the records, by a question of its own.
   * @returns `null` when what is seen before the commit may not be the end of it
   */
  async #foundAgain(
    { action, resource }: DisposalRule,
    done: readonly string[],
    within: SliceTransaction | null,
  ): Promise<number | null> {
    const { records } = this.#desk
    if (!takesAway(action) || done.length === 0) return 0
    if (within === null) return (await records.remaining(placeOf(resource), done))?.length ?? 0
    const { keys, mayReturn } = await records.remainingWithin(placeOf(resource), done, within)
    return mayReturn ? null : keys.length
  }

  #hasSettled(records: number): void {
    this.#settled += records
    this.#options.onProgress?.(this.#settled)
  }

  /** The next errand of the plan's that may be tried again; `null`: none waits. */
  async #upstreamsWaitUntil(plan: string): Promise<Micros | null> {
    const { outbox } = this.#desk
    await outbox.sweep(plan)
    return outbox.nextOf(plan)
  }

  get #duty(): number {
    return this.#options.duty ?? 1
  }

  async #stopped(plan: string): Promise<boolean> {
    if (this.#faulted || this.#options.stop?.aborted === true) return true
    return (await this.#desk.store.plan(plan))?.state !== 'running'
  }
}

/** Those pointed at or locked are tried again for as long as their page is open. */
function settledBefore(totals: ReadonlyMap<string, RuleTotals>): number {
  let settled = 0
  for (const { done, held, notDue, gone, identifiable, upstream } of totals.values())
    settled += done + held + notDue + gone + identifiable + upstream
  return settled
}

/** What hangs on a record and is held keeps the record. */
function heldUpstreamToo(holding: HoldsOn, cleared: Cleared | null): HoldsOn {
  if (cleared === null || cleared.held.size === 0) return holding
  return {
    ...holding,
    among: async (records) => {
      const isHeld = await holding.among(records)
      return (record) => cleared.held.has(record.key) || isHeld(record)
    },
  }
}

/** Whoever comes last certifies; of two, one. */
async function finish(desk: RetentionDesk, begun: RetentionPlan, { by }: RunOptions): Promise<RunOutcome> {
  const { store, log, clock, newId, sign } = desk
  // Somebody may have ended it since: then its pages are closed, and not because all was done.
  const plan = (await store.plan(begun.id)) ?? begun
  const totals = await store.totals(plan.id)
  const certified: CertifiedRule[] = []
  for (const planned of plan.rules) {
    const { keysDigest } = await digestTombstones(store.tombstones(plan.id, planned.rule))
    certified.push({
      ...planned,
      ...{ totals: totals.get(planned.rule) ?? NONE, keysDigest },
      archive: planned.action === 'archive' ? await seal(desk, plan, planned) : null,
      wentUpstream: await wentUpstream(store, plan.id, planned),
      unsure: plan.endedEarly === undefined ? null : await unsureOf(store, plan.id, planned.rule),
    })
  }
  const endedAt = clock.now()
  // INVARIANT: a running plan was started.
  const startedAt = plan.startedAt ?? endedAt
  const signed = await sign(makeCertificate(desk.bundle(), { ...plan, startedAt }, certified, endedAt))
  const current = await store.plan(plan.id)
  const known = await store.certificate(plan.id)
  if (known !== null || current === null) return certificateOf(known)
  await answerRequest(desk, plan)
  await log.append({
    kind: 'retention-certified',
    requestId: newId(),
    operator: by,
    policyVersion: plan.policyVersion,
    detail: {
      plan: plan.id,
      hash: plan.hash,
      done: certified.reduce((sum, { totals: { done } }) => sum + done, 0),
      digests: certified.flatMap(({ keysDigest, wentUpstream: went, unsure }) => [
        keysDigest,
        ...went.map((each) => each.keysDigest),
        ...(unsure === null ? [] : [unsure.keysDigest]),
      ]),
    },
  })
  await store.addCertificate(plan.id, signed)
  await close(store, current, endedAt)
  return certificateOf(await store.certificate(plan.id))
}

async function close(store: RetentionDesk['store'], plan: RetentionPlan, endedAt: Micros): Promise<void> {
  const next = { state: 'done', endedAt, revision: plan.revision + 1 } as const
  await store.replacePlan({ ...withoutDataSubject(plan), ...next })
}

async function seal(
  { archive, store, hashKey }: RetentionDesk,
  { id }: RetentionPlan,
  { rule, resource, action }: PlannedRule,
): Promise<ArchiveSeal> {
  // What may have gone stays in the archive: it may be all that is left of it.
  await using buried = await perhapsBuried(store, resource, action)
  return await archive.seal(id, rule, async (keys) => {
    const hashes = keys.map((key) => hashKey(resource, key))
    const gone = await buried.among(hashes)
    return new Set(keys.filter((_, at) => gone.has(hashes[at] ?? '')))
  })
}

function certificateOf(certificate: SignedCertificate | null): RunOutcome {
  return certificate === null ? refuse('changed-meanwhile') : { ok: true, ended: 'done', certificate }
}
