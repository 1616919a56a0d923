import { UnavailableError, type Micros } from '@varco/core'
import {
  MAX_WORK_EVIDENCE,
  MIN_GROUP,
  mergeFinding,
  packDay,
  unpackDay,
  type Alert,
  type AlertQuery,
  type AlertState,
  type AlertStore,
  type Contest,
  type Fact,
  type Finding,
  type KeptAlert,
  type OperatorDay,
  type RecentRefusal,
  type StoredProfile,
  type TreePosition,
  type WatchCommit,
  type WatchState,
  type WatchStore,
} from '@varco/oversight'
import type { Pool, PoolClient } from 'pg'
import type { Database } from './database.ts'
import { inTransaction } from './in-transaction.ts'

const JOB = 'watch'

/** The watch's state and its alerts. One batch is one transaction, and its version moves first: two watchers never count the same event. */
export function postgresOversightStore({ pool }: Pick<Database, 'pool'>): WatchStore & AlertStore {
  return {
    load: (lookBack) => available(() => load(pool, lookBack)),
    commit: (commit) => {
      const written = inWriting(commit)
      return available(() => inTransaction(pool, (client) => commitBatch(client, commit, written)))
    },
    alerts: (query) => available(() => alerts(pool, query)),
    alert: (id) =>
      available(async () => {
        const { rows } = await pool.query<AlertRow>(`${ALERTS} WHERE a.id = $1`, [id])
        return rows[0] === undefined ? null : toAlert(rows[0])
      }),
    alertCounts: (raised) =>
      available(async () => {
        const { rows } = await pool.query<{ state: AlertState; count: string }>(
          `SELECT state, count(*) AS count FROM varco.alerts
            WHERE $1::bigint IS NULL OR (raised_us >= $1 AND raised_us < $2) GROUP BY state`,
          [raised?.from ?? null, raised?.to ?? null],
        )
        const counts = new Map(rows.map(({ state, count }) => [state, Number(count)]))
        return {
          open: counts.get('open') ?? 0,
          explained: counts.get('explained') ?? 0,
          confirmed: counts.get('confirmed') ?? 0,
        }
      }),
    decideAlert: (id, state, { by, at, reason, notifyBy }) =>
      available(async () => {
        const { rowCount } = await pool.query(
          `UPDATE varco.alerts SET state = $2, answered_by = $3, answered_us = $4, reason = $5, notify_by_us = $6
           WHERE id = $1 AND state = 'open'`,
          [id, state, by, at, reason, notifyBy],
        )
        return rowCount === 1
      }),
    addContest: (id, { at, text }) =>
      available(async () => {
        await pool.query('INSERT INTO varco.alert_contests (alert, at_us, text) VALUES ($1, $2, $3)', [
          id,
          at,
          text,
        ])
      }),
  }
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new UnavailableError('oversight', { cause })
  }
}

interface WatchRow {
  readonly version: string
  readonly position: string
  readonly tickets_to_us: string
  readonly refusals: string
}

interface DayRow extends Pick<OperatorDay, 'operator' | 'day' | 'contract' | 'role' | 'unit'> {
  readonly profile: string
}

async function load(pool: Pool, lookBack: number): Promise<WatchState> {
  // One statement, one snapshot: the state and the days that belong to it.
  const { rows } = await pool.query<WatchRow & { days: string | null }>(
    `SELECT w.version, w.position, w.tickets_to_us, w.refusals,
            (SELECT json_agg(d) FROM varco.oversight_days d
              WHERE d.day >= (SELECT max(day) FROM varco.oversight_days) - $2) AS days
     FROM varco.oversight_watch w WHERE w.job = $1`,
    [JOB, lookBack],
  )
  const [row] = rows
  if (row === undefined) return { version: 0, position: [], ticketsTo: 0, refusals: [], days: [] }
  const days = row.days === null ? [] : (JSON.parse(row.days) as (DayRow & { profile: StoredProfile })[])
  return {
    version: Number(row.version),
    position: JSON.parse(row.position) as TreePosition[],
    ticketsTo: Number(row.tickets_to_us),
    refusals: JSON.parse(row.refusals) as RecentRefusal[],
    days: days.map(({ operator, day, contract, role, unit, profile }) =>
      unpackDay({ operator, day, contract, role, unit }, profile),
    ),
  }
}

/** What a batch puts down, as the statements take it. */
function inWriting({ position, refusals, days, work, refusalCounts }: WatchCommit) {
  return {
    position: JSON.stringify(position),
    refusals: JSON.stringify(refusals),
    days: JSON.stringify(
      days.map((day) => {
        const { operator, contract, role, unit } = day
        return { operator, day: day.day, contract, role, unit, profile: packDay(day) }
      }),
    ),
    work: JSON.stringify(
      work.map(({ contract, firstAt, lastAt, workers: _counted, ...count }) => ({
        ...count,
        contract: contract ?? '',
        first_us: firstAt,
        last_us: lastAt,
      })),
    ),
    refusalCounts: JSON.stringify(
      refusalCounts.map(({ contract, workers: _counted, grantedWorkers: _granted, ...count }) => ({
        ...count,
        contract: contract ?? '',
      })),
    ),
    workers: JSON.stringify(
      [
        ...work.map((count) => ({ counted: workKey(count), workers: count.workers, fifth_us: count.lastAt })),
        ...refusalCounts.flatMap((count) => {
          const counted = refusalKey(count)
          return [
            { counted, workers: count.workers },
            { counted: `${counted}|granted`, workers: count.grantedWorkers },
          ]
        }),
      ].filter(({ workers }) => workers.length > 0),
    ),
  }
}

async function commitBatch(
  client: PoolClient,
  { base, ticketsTo, forgetBefore, findings, now }: WatchCommit,
  { position, refusals, days, work, refusalCounts, workers }: ReturnType<typeof inWriting>,
): Promise<'committed' | 'superseded'> {
  const state = [base + 1, position, ticketsTo, refusals]
  const { rowCount } =
    base === 0
      ? await client.query(
          `INSERT INTO varco.oversight_watch (job, version, position, tickets_to_us, refusals)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
          [JOB, ...state],
        )
      : await client.query(
          `UPDATE varco.oversight_watch SET version = $2, position = $3, tickets_to_us = $4, refusals = $5
           WHERE job = $1 AND version = $6`,
          [JOB, ...state, base],
        )
  if (rowCount !== 1) return 'superseded'
  await client.query(PUT_DAYS, [days])
  await client.query('DELETE FROM varco.oversight_days WHERE day < $1', [forgetBefore])
  await client.query(ADD_WORK, [work])
  await client.query(ADD_REFUSALS, [refusalCounts])
  await client.query(ADD_WORKERS, [workers])
  for (const finding of findings) await keepFinding(client, finding, now)
  return 'committed'
}

function workKey(count: WatchCommit['work'][number]): string {
  return [count.contract ?? '', count.month, count.dimension, count.value, count.decision].join('|')
}

function refusalKey(count: WatchCommit['refusalCounts'][number]): string {
  return [count.contract ?? '', count.month, count.purpose, count.resource, count.reason, count.field].join(
    '|',
  )
}

const PUT_DAYS = `INSERT INTO varco.oversight_days (operator, day, contract, role, unit, profile)
  SELECT operator, day, contract, role, unit, profile FROM json_populate_recordset(NULL::varco.oversight_days, $1)
  ON CONFLICT (operator, day) DO UPDATE SET profile = excluded.profile`

const ADD_WORK = `INSERT INTO varco.oversight_work AS w
    (contract, month, dimension, value, decision, accesses, first_us, last_us, evidence)
  SELECT contract, month, dimension, value, decision, accesses, first_us, last_us, evidence
  FROM json_populate_recordset(NULL::varco.oversight_work, $1)
  ON CONFLICT (contract, month, dimension, value, decision) DO UPDATE SET
    accesses = w.accesses + excluded.accesses,
    first_us = least(w.first_us, excluded.first_us),
    last_us = greatest(w.last_us, excluded.last_us),
    evidence = (w.evidence || excluded.evidence)[1:${MAX_WORK_EVIDENCE}]`

const ADD_REFUSALS = `INSERT INTO varco.oversight_refusals AS r
    (contract, month, purpose, resource, reason, field, refusals, granted, minutes)
  SELECT contract, month, purpose, resource, reason, field, refusals, granted, minutes
  FROM json_populate_recordset(NULL::varco.oversight_refusals, $1)
  ON CONFLICT (contract, month, purpose, resource, reason, field) DO UPDATE SET
    refusals = r.refusals + excluded.refusals,
    granted = r.granted + excluded.granted,
    minutes = r.minutes + excluded.minutes`

/** Each once, for a watch that begins anew tells them again. What is given as `fifth_us` is when the last of them came. */
const ADD_WORKERS = `INSERT INTO varco.oversight_workers AS w (counted, workers, fifth_us)
  SELECT t.counted, everyone.workers,
    coalesce(known.fifth_us, CASE WHEN cardinality(everyone.workers) >= ${MIN_GROUP} THEN t.fifth_us END)
  FROM json_populate_recordset(NULL::varco.oversight_workers, $1) t
  LEFT JOIN varco.oversight_workers known ON known.counted = t.counted
  CROSS JOIN LATERAL (SELECT coalesce(known.workers, '{}')
    || ARRAY(SELECT unnest(t.workers) EXCEPT SELECT unnest(known.workers)) AS workers) everyone
  ON CONFLICT (counted) DO UPDATE SET workers = excluded.workers, fifth_us = excluded.fifth_us`

async function keepFinding(client: PoolClient, finding: Finding, now: Micros): Promise<void> {
  const { rows } = await client.query<AlertRow & { generation: number }>(
    `${ALERTS} WHERE a.key = $1 ORDER BY a.generation DESC LIMIT 1 FOR UPDATE OF a`,
    [finding.key],
  )
  const [row] = rows
  const before: KeptAlert | null =
    row === undefined ? null : { generation: row.generation, alert: toAlert(row) }
  const kept = mergeFinding(before, finding, now)
  if (kept === null) return
  const { alert, generation } = kept
  await client.query(PUT_ALERT, [
    ...[alert.id, finding.key, generation, alert.rule, alert.operator, alert.contract],
    ...[
      JSON.stringify(alert.facts),
      alert.events,
      alert.eventCount,
      alert.firstAt,
      alert.lastAt,
      alert.raisedAt,
    ],
  ])
}

const PUT_ALERT = `INSERT INTO varco.alerts
    (id, key, generation, rule, operator, contract, facts, events, event_count, first_us, last_us, raised_us, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open')
  ON CONFLICT (id) DO UPDATE SET facts = excluded.facts, events = excluded.events,
    event_count = excluded.event_count, first_us = excluded.first_us, last_us = excluded.last_us`

interface AlertRow extends Pick<Alert, 'id' | 'rule' | 'operator' | 'contract' | 'state'> {
  readonly generation: number
  readonly facts: string
  readonly events: string[]
  readonly event_count: string
  readonly first_us: string
  readonly last_us: string
  readonly raised_us: string
  readonly answered_by: string | null
  readonly answered_us: string | null
  readonly reason: string | null
  readonly notify_by_us: string | null
  readonly contests: string | null
}

const ALERTS = `SELECT a.*, (SELECT json_agg(json_build_object('at', c.at_us::text, 'text', c.text) ORDER BY c.at_us)
  FROM varco.alert_contests c WHERE c.alert = a.id) AS contests FROM varco.alerts a`

async function alerts(pool: Pool, query: AlertQuery): Promise<readonly Alert[]> {
  const values: unknown[] = []
  const where: string[] = []
  const add = (sql: string, value: unknown): void => {
    if (value !== undefined) where.push(`${sql} $${values.push(value)}`)
  }
  add('a.state =', query.state)
  add('a.rule =', query.rule)
  add('a.operator =', query.operator)
  add('a.contract =', query.contract)
  add('a.raised_us >=', query.raisedFrom)
  if (query.after !== undefined) {
    const n = values.push(query.after)
    // Newest first, then by id upwards: no row comparison can say that.
    where.push(
      `EXISTS (SELECT FROM varco.alerts p WHERE p.id = $${n}
         AND (a.raised_us < p.raised_us OR (a.raised_us = p.raised_us AND a.id > p.id)))`,
    )
  }
  values.push(query.limit)
  const { rows } = await pool.query<AlertRow>(
    `${ALERTS} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
     ORDER BY a.raised_us DESC, a.id LIMIT $${values.length}`,
    values,
  )
  return rows.map(toAlert)
}

function toAlert(row: AlertRow): Alert {
  const { id, rule, operator, contract, state, events } = row
  const contests = row.contests === null ? [] : (JSON.parse(row.contests) as { at: string; text: string }[])
  return {
    ...{ id, rule, operator, contract, state, events },
    facts: JSON.parse(row.facts) as Fact[],
    eventCount: Number(row.event_count),
    firstAt: BigInt(row.first_us),
    lastAt: BigInt(row.last_us),
    raisedAt: BigInt(row.raised_us),
    decision:
      row.answered_by === null
        ? null
        : {
            by: row.answered_by,
            at: BigInt(row.answered_us ?? 0),
            reason: row.reason ?? '',
            notifyBy: row.notify_by_us === null ? null : BigInt(row.notify_by_us),
          },
    contests: contests.map(({ at, text }): Contest => ({ at: BigInt(at), text })),
  }
}
