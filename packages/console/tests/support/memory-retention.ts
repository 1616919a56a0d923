import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { actDraft, type AccessLog } from '@varco/access-log'
import type { Clock } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { memoryPolicyStore } from '@varco/policy/testing'
import {
  certificateSigner,
  listedRecords,
  overdueWork,
  type DueRecord,
  type ForeignKey,
  type Hold,
  type RecordEvent,
  type RetentionDesk,
  type RetentionPlan,
  type RuleTotals,
  type SignedCertificate,
} from '@varco/retention'
import {
  memoryArchive,
  memoryNotices,
  memoryOutbox,
  memoryRestrictions,
  memoryScheduleLedger,
  noUpstreams,
} from '@varco/retention/testing'
import type { RetentionAccess } from '../../src/retention/retention-access.ts'

const notHere = async (): Promise<never> => {
  throw new Error('runs are carried out by the command line’s own tests')
}

/** Retention as its pages need it: plans and holds in memory, and records that are due by their number. */
export function memoryRetention(deps: {
  readonly log: AccessLog
  readonly clock: Clock
  readonly bundle: () => Bundle
}) {
  const plans = new Map<string, RetentionPlan>()
  /** Keys still to be done, by plan and rule. */
  const keysOf = new Map<string, Map<string, readonly string[]>>()
  const holds = new Map<string, Hold>()
  const told: RecordEvent[] = []
  const certificates = new Map<string, SignedCertificate>()
  const totals = new Map<string, ReadonlyMap<string, RuleTotals>>()
  const started: string[] = []
  const due: DueRecord[] = []
  const foreignKeys: ForeignKey[] = []
  const { privateKey } = generateKeyPairSync('ed25519')
  const desk: RetentionDesk = {
    ...deps,
    log: { append: ({ kind, ...particulars }) => deps.log.append(actDraft(kind, particulars)) },
    newId: randomUUID,
    hashKey: (resource, key) => createHash('sha256').update(`${resource} ${key}`).digest('hex'),
    sign: certificateSigner(privateKey, 'gse.example/varco'),
    pause: async () => {},
    records: {
      keptIn: plans,
      foreignKeys: async () => foreignKeys,
      // The tests' records are due where their trigger is not after the rule's first cutoff.
      due: async (rule, after, limit) =>
        due
          .filter(
            ({ key, trigger }) =>
              (trigger ?? '9') <= (rule.cutoffs[0]?.upTo ?? '') && (after === null || key > after),
          )
          .slice(0, limit),
      dueKeys: async (rule, after, limit) => {
        const found = await desk.records.due(rule, after, limit)
        return {
          keys: found.map(({ key }) => key),
          oldest: found.reduce<string | null>(
            (oldest, { trigger }) => (oldest === null || (trigger ?? oldest) < oldest ? trigger : oldest),
            null,
          ),
        }
      },
      cascades: async ({ foreignKeys: reaching }) => reaching.map(() => ({ rows: 3, unplanned: 1 })),
      dueAmong: async (_rule, keys) => due.filter(({ key }) => keys.includes(key)),
      withoutTrigger: async () => 0,
      dispose: notHere,
      whileReady: notHere,
      remaining: async (_place, keys) => keys.filter((asked) => due.some(({ key }) => key === asked)),
      remainingWithin: notHere,
      keys: async () => [],
      textsIn: notHere,
    },
    archive: memoryArchive(),
    outbox: memoryOutbox(),
    upstreams: noUpstreams,
    restrictions: memoryRestrictions(),
    shownUnder: async () => new Set(),
    contractEnds: async () => new Map(),
    toldInLog: async () => new Map(),
    recipients: async () => [],
    notices: memoryNotices(),
    store: {
      keptIn: plans,
      addPlan: async (id, pages, finish) => {
        const keys = new Map<string, readonly string[]>()
        for await (const page of pages) keys.set(page.rule, [...(keys.get(page.rule) ?? []), ...page.keys])
        keysOf.set(id, keys)
        const plan = finish()
        plans.set(id, plan)
        return plan
      },
      plan: async (id) => plans.get(id) ?? null,
      plans: async (limit, after) => {
        const latest = [...plans.values()].toReversed()
        const start = after === undefined ? 0 : latest.findIndex(({ id }) => id === after) + 1
        return latest.slice(start, start + limit)
      },
      plansEnding: notHere,
      replacePlan: async (plan) => {
        if (plans.get(plan.id)?.revision !== plan.revision - 1) return false
        plans.set(plan.id, plan)
        return true
      },
      claimPage: notHere,
      openPages: notHere,
      totals: async (plan) => totals.get(plan) ?? new Map(),
      addHold: async (hold) => {
        holds.set(hold.id, hold)
      },
      addEvent: async (event) => {
        told.push(event)
      },
      toldEvents: async (limit, after) => {
        const latest = told.toReversed()
        const start = after === undefined ? 0 : latest.findIndex(({ id }) => id === after) + 1
        return latest.slice(start, start + limit)
      },
      lastTold: async (resource, event, hashes) => {
        const last = new Map(
          told
            .filter(
              (each) => each.resource === resource && each.event === event && hashes.includes(each.hash),
            )
            .map((each) => [each.hash, each] as const),
        )
        return new Map(
          [...last].flatMap(([hash, { on, ...each }]) => (on === null ? [] : [[hash, { ...each, on }]])),
        )
      },
      whileHoldsStand: notHere,
      noteHoldRecorded: async () => {},
      plannedKeys: async function* (plan, rule) {
        yield keysOf.get(plan)?.get(rule) ?? []
      },
      keepAgreed: async (agreed, id, next) => {
        const left = new Map<string, string[]>()
        for await (const records of agreed)
          for (const { rule, key } of records) {
            if (keysOf.get(id)?.get(rule)?.includes(key) !== true) return 'not-in-plan'
            left.set(rule, [...(left.get(rule) ?? []), key])
          }
        const plan = await next(new Map([...left].map(([rule, keys]) => [rule, keys.length])))
        if (plans.get(id)?.revision !== plan.revision - 1) return 'changed-meanwhile'
        keysOf.set(id, left)
        plans.set(id, plan)
        return plan
      },
      unrecordedHolds: async () => [],
      reviewHold: async (hold) => {
        if (holds.get(hold.id)?.releasedAt !== null) return false
        holds.set(hold.id, hold)
        return true
      },
      addOutcome: notHere,
      outcome: async () => null,
      hold: async (id) => holds.get(id) ?? null,
      releaseHold: async (hold) => {
        if (holds.get(hold.id)?.releasedAt !== null) return false
        holds.set(hold.id, hold)
        return true
      },
      holds: async () => [...holds.values()].filter(({ releasedAt }) => releasedAt === null),
      tombstones: async function* () {},
      buried: notHere,
      addCertificate: async (plan, certificate) => {
        certificates.set(plan, certificate)
      },
      certificate: async (plan) => certificates.get(plan) ?? null,
    },
  }
  const policies = memoryPolicyStore({ clock: deps.clock })
  const access: RetentionAccess = {
    desk,
    policies,
    // Without schedules only what the store tells can be late.
    overdue: () =>
      overdueWork(desk, {
        ledger: memoryScheduleLedger(),
        timetable: { nextAfter: () => 2n ** 62n },
        logHolds: async () => false,
      }),
    // How the papers are written is told by the command line's own tests.
    papers: {
      list: async function* (plan, format) {
        yield `${format}\n`
        for await (const page of listedRecords(desk, plan))
          yield page.map(({ rule, key }) => `${rule},${key}\n`).join('')
      },
      minutes: async function* (plan) {
        yield new TextEncoder().encode(`minutes of ${plan.id}`)
      },
    },
    runner: {
      start: (plan, by) => {
        started.push(`${plan} ${by}`)
      },
    },
  }
  return { access, desk, plans, totals, certificates, started, due, foreignKeys, policies }
}
