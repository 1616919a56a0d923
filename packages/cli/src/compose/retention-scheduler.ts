import type { AccessLog } from '@varco/access-log'
import { asId, everySoOften, faultFields, microsToIso, type Diagnostics, type Pseudonym } from '@varco/core'
import { leaseWriter, openRetentionTimetable, openScheduleLedger } from '@varco/postgres'
import type { ProxyDependencies } from '@varco/proxy'
import {
  carryOnApproved,
  carryOnEnding,
  carryOnPutOff,
  DEFAULT_DUTY,
  eachInTurn,
  OVERDUE,
  overdueWork,
  recordPlaced,
  scheduledRules,
  seeToRule,
  type ErrandStanding,
  type OnOccurrence,
  type OverdueWork,
  type ScheduledRule,
  type Timetable,
} from '@varco/retention'
import { logTerm } from './log-term.ts'
import { logHoldsIn, NEVER } from './overdue-retention.ts'
import { retentionDesk } from './retention-desk.ts'
import type { Services } from './services.ts'

/** In whose name scheduled plans are made. Nobody can log in as it, and it approves nothing. */
const SCHEDULER = asId<Pseudonym>('SCHEDULER')
/** No writer has a space in its name. */
const LEASE = 'retention schedule'
const EVERY_MS = 30_000

export interface RetentionScheduler extends AsyncDisposable {
  readonly readings: NonNullable<ProxyDependencies['readings']>
}

/**
 * Keeps the bundle's schedules and the log's own term: plans what they say, carries on what was agreed to, and tells of what is late. Every process
 * may; of each occurrence one sees to it, and one of all processes looks after the rest. A bundle without schedules needs no
 * timetable, and none is opened.
 */
export function startRetentionScheduler(
  services: Services,
  log: AccessLog,
  diagnostics: Diagnostics,
): RetentionScheduler {
  const { databases, policy } = services
  const desk = retentionDesk(services, log)
  const ledger = openScheduleLedger(databases.state)
  const stopping = new AbortController()
  const seeing = { by: SCHEDULER, ledger, duty: DEFAULT_DUTY }
  const logHolds = logHoldsIn(services.reader)
  const keepLogTerm = logTerm(services, { log, by: SCHEDULER, diagnostics, stop: stopping.signal })
  let overdue: readonly OverdueWork[] = []
  let waiting: readonly ErrandStanding[] = []
  let seenTo = 0
  const onOccurrence: OnOccurrence = async (rule, stop) => {
    // A rule that the bundle no longer has may still have an occurrence on its way.
    if (!scheduledRules(policy.current()).some((each) => each.rule === rule)) return
    const end = await seeToRule(desk, rule, { ...seeing, stop })
    seenTo += 1
    diagnostics.info('a scheduled rule was seen to', { rule, end })
  }
  let timetable: Timetable | null = null
  const timetableFor = async (rules: readonly ScheduledRule[]): Promise<Timetable | null> => {
    if (rules.length > 0)
      timetable ??= await openRetentionTimetable({ url: databases.state.url, diagnostics, onOccurrence })
    return timetable
  }

  let kept: string | null = null
  let lease: AsyncDisposable | null = null
  const told = new Set<string>()
  const look = async (): Promise<void> => {
    const bundle = policy.current()
    if (bundle.version !== kept) await keep(scheduledRules(bundle))
    kept = bundle.version
    lease ??= await leaseWriter(databases.state.url, LEASE)
    if (lease === null) {
      overdue = []
      waiting = []
      return
    }
    await recordPlaced(desk)
    const nextAfter: Timetable['nextAfter'] = (rule, after) => timetable?.nextAfter(rule, after) ?? NEVER
    overdue = await overdueWork(desk, { ledger, timetable: { nextAfter }, logHolds })
    waiting = await desk.outbox.standing()
    for (const late of overdue) await tell(late)
    // Last, for a plan may take hours, or fail.
    const going = { stop: stopping.signal, duty: DEFAULT_DUTY }
    await eachInTurn(
      [
        keepLogTerm,
        () => carryOnEnding(desk, { by: SCHEDULER, ...going }),
        () => carryOnApproved(desk, { ...seeing, ...going }),
        () => carryOnPutOff(desk, { by: SCHEDULER, ...going }),
      ],
      (carryOn) => carryOn(),
    )
  }
  /** From now on a rule that is new can be late as well. */
  const keep = async (rules: readonly ScheduledRule[]): Promise<void> => {
    await (await timetableFor(rules))?.keep(rules)
    const seen = new Set((await ledger.seen()).map(({ rule }) => rule))
    for (const { rule } of rules)
      if (!seen.has(rule)) await ledger.see({ rule, at: desk.clock.now(), plan: null })
  }
  const tell = async ({ what, why, since, plan }: OverdueWork): Promise<void> => {
    const id = `${what} ${why} ${since}`
    if (told.has(id)) return
    const detail = { what, why, since: microsToIso(since), plan }
    await desk.log.append({
      kind: 'retention-overdue',
      ...{ requestId: desk.newId(), operator: SCHEDULER, policyVersion: policy.current().version, detail },
    })
    diagnostics.warn('retention is overdue', detail)
    told.add(id)
  }
  const looking = everySoOften(look, {
    everyMs: EVERY_MS,
    onFailure: (error) => {
      diagnostics.error('retention schedules could not be looked after', faultFields(error))
    },
  })
  return {
    readings: {
      varco_retention_overdue: {
        help: 'Work of retention and reviews of holds that are late, by why; told by the process that looks after them',
        label: 'why',
        values: () =>
          Object.fromEntries(OVERDUE.map((why) => [why, overdue.filter((each) => each.why === why).length])),
      },
      varco_retention_upstream_waiting: {
        help: 'Records of the database whose records behind an upstream are to go before them and wait for it, by resource; told by the process that looks after them',
        label: 'resource',
        values: () =>
          Object.fromEntries(
            [...Map.groupBy(waiting, ({ resource }) => resource)].map(([resource, each]) => [
              resource,
              each.reduce((sum, { waiting: count }) => sum + count, 0),
            ]),
          ),
      },
      varco_retention_occurrences_seen_to: {
        help: 'Occurrences of schedules that this process has seen to',
        value: () => seenTo,
      },
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await looking[Symbol.asyncDispose]()
      await timetable?.[Symbol.asyncDispose]()
      await lease?.[Symbol.asyncDispose]()
    },
  }
}
