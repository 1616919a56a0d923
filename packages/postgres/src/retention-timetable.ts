import type { Diagnostics, Micros } from '@varco/core'
import { faultFields } from '@varco/core'
import type { OnOccurrence, ScheduledRule, Timetable } from '@varco/retention'
import { PgBoss, type ConstructorOptions } from 'pg-boss'
import { available } from './available.ts'

export interface TimetableOptions {
  /** Of the database in which it keeps its own schema, `varco_jobs`. */
  readonly url: string
  readonly onOccurrence: OnOccurrence
  readonly diagnostics: Diagnostics
  /**
   * Only a test has one of its own. pg-boss then sets each new connection up with a statement that its first query does not
   * wait for, of which pg warns; by the system's clock there is none.
   */
  readonly clock?: ConstructorOptions['clock']
}

const QUEUE = 'retention'
const SCHEMA = 'varco_jobs'
/** Two for its polls and one for what is at work. */
const CONNECTIONS = 3
const RETRY_SECONDS = 60
const RETRIES = 10
/** Schedules are kept to the minute: nobody waits for the second. */
const POLL_SECONDS = 15
/** A run may take all night; a process that died is noticed by its heartbeat. */
const LONGEST_SECONDS = 23 * 3_600
const HEARTBEAT_SECONDS = 60
const STOP_MS = 30_000

/**
 * The timetable on pg-boss. An exclusive queue with the rule as its key: of each rule one occurrence waits or is seen to,
 * on one of all the nodes.
 * @throws UnavailableError when its schema cannot be made or reached
 */
export async function openRetentionTimetable({
  url,
  onOccurrence,
  diagnostics,
  clock,
}: TimetableOptions): Promise<Timetable> {
  const boss = new PgBoss({
    connectionString: url,
    ...{ schema: SCHEMA, application_name: 'varco-schedule', max: CONNECTIONS },
    cronWorkerIntervalSeconds: POLL_SECONDS,
    ...(clock === undefined ? {} : { clock }),
  })
  boss.on('error', (error) => {
    diagnostics.error('the timetable of retention had a fault', faultFields(error))
  })
  const stop = new AbortController()
  await available('retention', async () => {
    await boss.start()
    await boss.createQueue(QUEUE, {
      policy: 'exclusive',
      ...{ retryLimit: RETRIES, retryDelay: RETRY_SECONDS, retryBackoff: true },
      ...{ expireInSeconds: LONGEST_SECONDS, heartbeatSeconds: HEARTBEAT_SECONDS },
    })
    await boss.work<{ rule: string }>(QUEUE, { pollingIntervalSeconds: POLL_SECONDS }, async (jobs) => {
      for (const { data, signal } of jobs)
        await onOccurrence(data.rule, AbortSignal.any([signal, stop.signal]))
    })
  })
  return {
    keep: (rules) => available('retention', () => keep(boss, rules)),
    nextAfter: ({ cron, timeZone }, after) => {
      const [next] = boss.previewSchedule(cron, {
        tz: timeZone,
        from: new Date(Number(after / 1_000n)),
        count: 1,
      })
      // INVARIANT: a checked cron's five fields occur again, unless they name a day that no year has.
      return next === undefined ? NEVER : BigInt(next.getTime()) * 1_000n
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await boss.stop({ graceful: true, timeout: STOP_MS })
    },
  }
}

const NEVER: Micros = 2n ** 62n

async function keep(boss: PgBoss, rules: readonly ScheduledRule[]): Promise<void> {
  const wanted = new Map(rules.map((rule) => [rule.rule, rule]))
  for (const { key } of await boss.getSchedules(QUEUE))
    if (!wanted.has(key)) await boss.unschedule(QUEUE, key)
  for (const { rule, cron, timeZone } of rules)
    await boss.schedule(
      QUEUE,
      cron,
      { rule },
      { tz: timeZone, key: rule, singletonKey: rule, missed: 'once' },
    )
}
