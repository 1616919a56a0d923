import { type Json, type Pseudonym } from '@varco/core'
import {
  certificateSchema,
  isPlanOver,
  type AgreedRecord,
  requestOutcomeSchema,
  type Hold,
  type PlanPage,
  type RecordEvent,
  type RetentionPlan,
  type RetentionStore,
  type RuleTotals,
  type SignedCertificate,
} from '@varco/retention'
import type pg from 'pg'
import { arrayText } from './array-text.ts'
import { available } from './available.ts'
import { claimPage } from './claimed-page.ts'
import type { Database } from './database.ts'
import { beginUnderHolds, HOLDS_IN_FORCE, toHold, type HoldRow } from './hold-rows.ts'
import { HOLDS_LOCK } from './holds-lock.ts'
import { inTransaction } from './in-transaction.ts'
import { buriedBy, tombstonesOfRule } from './read-tombstones.ts'
import { whenBusy } from './when-busy.ts'

/** Plans, pages, holds, tombstones and certificates on PostgreSQL. */
export function openRetentionStore({ pool, url }: Pick<Database, 'pool' | 'url'>): RetentionStore {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('retention', work)
  const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    fromStore(async () => (await pool.query<Row>(text, values)).rows)
  return {
    keptIn: pool,
    addPlan: (id, pages, finish, sole) => fromStore(() => addPlan(pool, id, pages, finish, sole ?? null)),
    plan: async (id) => {
      const [row] = await ask<{ plan: string }>('SELECT plan FROM varco.retention_plans WHERE id = $1', [id])
      return row === undefined ? null : readPlan(row.plan)
    },
    plans: async (limit, after) =>
      (
        await ask<{ plan: string }>(
          `SELECT plan FROM varco.retention_plans r
            WHERE $2::text IS NULL OR EXISTS (SELECT FROM varco.retention_plans p WHERE p.id = $2
              AND (r.planned_us < p.planned_us OR (r.planned_us = p.planned_us AND r.id > p.id)))
            ORDER BY planned_us DESC, id LIMIT $1`,
          [limit, after ?? null],
        )
      ).map(({ plan }) => readPlan(plan)),
    plansEnding: async () =>
      (
        await ask<{ id: string }>(
          `SELECT id FROM varco.retention_plans WHERE state = 'ending' ORDER BY planned_us, id`,
        )
      ).map(({ id }) => id),
    replacePlan: (plan) => fromStore(() => replacePlan(pool, plan)),
    plannedKeys: (plan, rule) => plannedKeys(ask, plan, rule),
    keepAgreed: (agreed, plan, next) => fromStore(() => keepAgreed(pool, agreed, plan, next)),
    claimPage: (plan, rule, pass) => whenBusy('retention', () => claimPage(pool, plan, rule, pass)),
    openPages: async (plan, rule, pass) => {
      const [row] = await ask<{ open: string; behind: string }>(
        'SELECT count(*) AS open, count(*) FILTER (WHERE pass < $3) AS behind FROM varco.retention_pages WHERE plan = $1 AND rule = $2 AND open',
        [plan, rule, pass],
      )
      return { open: Number(row?.open ?? 0), behind: Number(row?.behind ?? 0) }
    },
    totals: async (plan) => {
      const rows = await ask<{ rule: string } & Record<keyof RuleTotals, string>>(
        `SELECT rule, sum(done) AS done, sum(held) AS held, sum(referenced) AS referenced, sum(not_due) AS "notDue",
           sum(busy) AS busy, sum(gone) AS gone, sum(found_again) AS "foundAgain", sum(identifiable) AS identifiable,
           sum(not_reached) AS "notReached", sum(upstream) AS upstream
         FROM varco.retention_pages WHERE plan = $1 GROUP BY rule`,
        [plan],
      )
      return new Map(rows.map(({ rule, ...sums }) => [rule, toTotals(sums)]))
    },
    addHold: (hold) => fromStore(() => addHold(pool, hold)),
    addEvent: (event) => fromStore(() => addEvent(pool, event)),
    toldEvents: async (limit, after) =>
      (
        await ask<EventRow>(
          `SELECT ${EVENT_COLUMNS} FROM varco.record_events
            WHERE $2::text IS NULL OR number < (SELECT number FROM varco.record_events WHERE id = $2)
            ORDER BY number DESC LIMIT $1`,
          [limit, after ?? null],
        )
      ).map(toEvent),
    lastTold: async (resource, event, hashes) => {
      const rows = await ask<EventRow & { on_day: string }>(
        `SELECT ${EVENT_COLUMNS} FROM (
           SELECT DISTINCT ON (hash) * FROM varco.record_events
           WHERE resource = $1 AND event = $2 AND hash IN (SELECT decode(h, 'hex') FROM unnest($3::text[]) AS h)
           ORDER BY hash, number DESC) AS latest
         WHERE on_day IS NOT NULL`,
        [resource, event, hashes],
      )
      return new Map(rows.map((row) => [row.hash, { ...toEvent(row), on: row.on_day }]))
    },
    whileHoldsStand: (work) => fromStore(() => whileHoldsStand(pool, work)),
    noteHoldRecorded: async (id) => {
      await ask('UPDATE varco.holds SET recorded = true WHERE id = $1', [id])
    },
    unrecordedHolds: async () =>
      (await ask<HoldRow>('SELECT * FROM varco.holds WHERE NOT recorded ORDER BY placed_us, id')).map(toHold),
    hold: async (id) => {
      const [row] = await ask<HoldRow>('SELECT * FROM varco.holds WHERE id = $1', [id])
      return row === undefined ? null : toHold(row)
    },
    releaseHold: ({ id, releasedBy, releasedAt }) =>
      fromStore(async () => {
        const { rowCount } = await pool.query(
          'UPDATE varco.holds SET released_by = $2, released_us = $3 WHERE id = $1 AND released_us IS NULL',
          [id, releasedBy, releasedAt],
        )
        return rowCount === 1
      }),
    reviewHold: ({ id, reviewAt, reviewed }) =>
      fromStore(async () => {
        const { rowCount } = await pool.query(
          `UPDATE varco.holds SET review_us = $2, reviewed_by = $3, reviewed_us = $4, review_reason = $5
            WHERE id = $1 AND released_us IS NULL`,
          [id, reviewAt, reviewed?.by, reviewed?.at, reviewed?.reason],
        )
        return rowCount === 1
      }),
    holds: async () => (await ask<HoldRow>(HOLDS_IN_FORCE)).map(toHold),
    tombstones: (plan, rule) => eachAvailable(tombstonesOfRule({ pool, url }, plan, rule)),
    buried: async (resource, burials) => {
      const buried = await fromStore(() => buriedBy(pool, resource, burials))
      return { ...buried, among: (hashes) => fromStore(() => buried.among(hashes)) }
    },
    addOutcome: async (plan, outcome) => {
      await ask('UPDATE varco.retention_plans SET outcome = $2 WHERE id = $1 AND outcome IS NULL', [
        plan,
        JSON.stringify(outcome),
      ])
    },
    outcome: async (plan) => {
      const [row] = await ask<{ outcome: string | null }>(
        'SELECT outcome FROM varco.retention_plans WHERE id = $1',
        [plan],
      )
      return row === undefined || row.outcome === null
        ? null
        : requestOutcomeSchema.parse(JSON.parse(row.outcome))
    },
    addCertificate: async (plan, certificate) => {
      await ask('UPDATE varco.retention_plans SET certificate = $2 WHERE id = $1 AND certificate IS NULL', [
        plan,
        JSON.stringify(certificate),
      ])
    },
    certificate: async (plan) => {
      const [row] = await ask<{ certificate: string | null }>(
        'SELECT certificate FROM varco.retention_plans WHERE id = $1',
        [plan],
      )
      if (row === undefined || row.certificate === null) return null
      const { certificate, jws } = JSON.parse(row.certificate) as SignedCertificate
      return { certificate: certificateSchema.parse(certificate), jws }
    },
  }
}

async function addPlan(
  pool: pg.Pool,
  id: string,
  pages: AsyncIterable<PlanPage>,
  finish: () => RetentionPlan,
  sole: string | null,
): Promise<RetentionPlan> {
  return inTransaction(pool, async (client) => {
    const before = await begunPlan(client, id, sole)
    if (before !== null) return before
    for await (const { rule, keys } of pages) {
      await client.query('INSERT INTO varco.retention_pages (plan, rule, todo) VALUES ($1, $2, $3)', [
        id,
        rule,
        arrayText(keys),
      ])
    }
    const plan = finish()
    await client.query(
      // One with faults is never carried out, and keeps nobody from making another.
      'UPDATE varco.retention_plans SET planned_us = $2, state = $3, plan = $4, sole = CASE WHEN $5 THEN sole END WHERE id = $1',
      [id, plan.plannedAt, plan.state, writePlan(plan), plan.faults.length === 0],
    )
    return plan
  })
}

/** Waits for whoever is making one for the same. @returns the open plan there is; `null`: this one is begun */
async function begunPlan(
  client: pg.PoolClient,
  id: string,
  sole: string | null,
): Promise<RetentionPlan | null> {
  for (;;) {
    const { rowCount } = await client.query(
      `INSERT INTO varco.retention_plans (id, planned_us, state, plan, revision, sole) VALUES ($1, 0, 'planned', '', 0, $2)
       ON CONFLICT (sole) DO NOTHING`,
      [id, sole],
    )
    if (rowCount === 1) return null
    const { rows } = await client.query<{ plan: string }>(
      'SELECT plan FROM varco.retention_plans WHERE sole = $1',
      [sole],
    )
    // It may be over by now.
    if (rows[0] !== undefined) return readPlan(rows[0].plan)
  }
}

async function* plannedKeys(
  ask: (text: string, values: unknown[]) => Promise<{ id: string; todo: string[] }[]>,
  plan: string,
  rule: string,
): AsyncGenerator<readonly string[]> {
  for (let after = '0'; ;) {
    const [page] = await ask(
      'SELECT id, todo FROM varco.retention_pages WHERE plan = $1 AND rule = $2 AND id > $3 ORDER BY id LIMIT 1',
      [plan, rule, after],
    )
    if (page === undefined) return
    yield page.todo
    after = page.id
  }
}

/** A letter is read once, into a table of this transaction's own, and then held against the pages. */
async function keepAgreed(
  pool: pg.Pool,
  agreed: AsyncIterable<readonly AgreedRecord[]>,
  id: string,
  next: (left: ReadonlyMap<string, number>) => Promise<RetentionPlan>,
): Promise<RetentionPlan | 'not-in-plan' | 'changed-meanwhile'> {
  const ended = { as: 'changed-meanwhile' as 'not-in-plan' | 'changed-meanwhile' }
  return inTransaction(pool, async (client) => {
    await client.query(
      'CREATE TEMPORARY TABLE agreed (rule text, key text, PRIMARY KEY (rule, key)) ON COMMIT DROP',
    )
    for await (const records of agreed)
      await client.query(
        'INSERT INTO agreed SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING',
        [records.map(({ rule }) => rule), records.map(({ key }) => key)],
      )
    await client.query(
      `UPDATE varco.retention_pages AS p SET todo = kept.todo, open = cardinality(kept.todo) > 0
       FROM (SELECT q.id, ARRAY(SELECT k FROM unnest(q.todo) WITH ORDINALITY AS u(k, i)
               JOIN agreed AS a ON a.rule = q.rule AND a.key = u.k ORDER BY u.i) AS todo
             FROM varco.retention_pages AS q WHERE q.plan = $1) AS kept
       WHERE p.id = kept.id`,
      [id],
    )
    const { rows } = await client.query<{ rule: string; left: string; agreed: string }>(
      `SELECT rule, sum(cardinality(todo)) AS left, (SELECT count(*) FROM agreed) AS agreed
       FROM varco.retention_pages WHERE plan = $1 GROUP BY rule`,
      [id],
    )
    const left = new Map(rows.map((row) => [row.rule, Number(row.left)]))
    const struck = [...left.values()].reduce((sum, each) => sum + each, 0)
    if (struck !== Number(rows[0]?.agreed ?? 0)) {
      ended.as = 'not-in-plan'
      throw new Abandoned()
    }
    const plan = await next(left)
    if (!(await replacePlan(client, plan))) throw new Abandoned()
    return plan
  }).catch((cause: unknown) => {
    if (cause instanceof Abandoned) return ended.as
    throw cause
  })
}

/** Rolls the transaction back; nothing went wrong. */
class Abandoned extends Error {}

async function replacePlan(
  client: Pick<pg.Pool | pg.PoolClient, 'query'>,
  plan: RetentionPlan,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `WITH replaced AS (
       UPDATE varco.retention_plans SET state = $2, plan = $3, revision = $4, sole = CASE WHEN $5 THEN NULL ELSE sole END
       WHERE id = $1 AND revision = $4 - 1
       RETURNING id, state),
     forgotten AS (
       UPDATE varco.retention_pages SET todo = '{}', open = false
       WHERE plan = (SELECT id FROM replaced WHERE state = 'cancelled')),
     forgotten_errands AS (
       DELETE FROM varco.upstream_outbox
       WHERE $5 AND plan = (SELECT id FROM replaced))
     SELECT FROM replaced`,
    [plan.id, plan.state, writePlan(plan), plan.revision, isPlanOver(plan)],
  )
  return rowCount === 1
}

/** The exclusive lock waits for the slices under way, and those that come after wait for it. */
async function addHold(pool: pg.Pool, hold: Hold): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(${HOLDS_LOCK})`)
    await client.query(
      'INSERT INTO varco.holds (id, scope, "case", reason, placed_by, placed_us, review_us) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [
        hold.id,
        JSON.stringify(hold.scope),
        hold.case,
        hold.reason,
        hold.placedBy,
        hold.placedAt,
        hold.reviewAt,
      ],
    )
  })
}

const EVENT_COLUMNS = `id, resource, encode(hash, 'hex') AS hash, event, on_day, told_by, told_us, seal`

interface EventRow {
  readonly id: string
  readonly resource: string
  readonly hash: string
  readonly event: string
  readonly on_day: string | null
  readonly told_by: Pseudonym
  readonly told_us: string
  readonly seal: string | null
}

function toEvent(row: EventRow): RecordEvent {
  const { id, resource, hash, event } = row
  return {
    ...{ id, resource, hash, event },
    on: row.on_day,
    toldBy: row.told_by,
    toldAt: BigInt(row.told_us),
    seal: row.seal,
  }
}

/** Under the lock of holds: no slice that asked before goes on after it. */
async function addEvent(pool: pg.Pool, event: RecordEvent): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(${HOLDS_LOCK})`)
    await client.query(
      `INSERT INTO varco.record_events (id, resource, hash, event, on_day, told_by, told_us, seal)
       VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8)`,
      [event.id, event.resource, event.hash, event.event, event.on, event.toldBy, event.toldAt, event.seal],
    )
  })
}

/** The lock is the transaction's, and goes with its connection; work that was done in spite of that is done. */
async function whileHoldsStand<T>(
  pool: pg.Pool,
  work: (holds: readonly Hold[], confirm: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  const ignore = (): void => {}
  client.on('error', ignore)
  let broken = true
  try {
    const holds = await beginUnderHolds(client)
    const result = await work(holds, async () => {
      await client.query('SELECT 1')
    })
    broken = await client.query('COMMIT').then(
      () => false,
      () => true,
    )
    return result
  } finally {
    client.off('error', ignore)
    client.release(broken)
  }
}

async function* eachAvailable<T>(pages: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (;;) {
      const { done, value } = await available('retention', () => pages.next())
      if (done === true) return
      yield value
    }
  } finally {
    await pages.return(undefined)
  }
}

function toTotals(sums: Readonly<Record<keyof RuleTotals, string>>): RuleTotals {
  const { done, held, referenced, notDue, busy, gone, foundAgain, identifiable, notReached, upstream } = sums
  return {
    done: Number(done),
    held: Number(held),
    referenced: Number(referenced),
    notDue: Number(notDue),
    busy: Number(busy),
    gone: Number(gone),
    foundAgain: Number(foundAgain),
    identifiable: Number(identifiable),
    notReached: Number(notReached),
    upstream: Number(upstream),
  }
}

/** Instants are the only bigints of a plan; they travel as text under their names. */
const INSTANTS = new Set(['plannedAt', 'startedAt', 'endedAt', 'at'])

function writePlan(plan: RetentionPlan): string {
  return JSON.stringify(plan, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

function readPlan(text: string): RetentionPlan {
  const plan: unknown = JSON.parse(text, (name, value: Json) =>
    INSTANTS.has(name) && typeof value === 'string' ? BigInt(value) : value,
  )
  const { rules, ...rest } = plan as RetentionPlan
  // A plan from before they were counted has no cascades, and one from before it was noted no place.
  const read = rules.map((rule) => ({ ...rule, cascades: rule.cascades ?? [], place: rule.place ?? null }))
  return { ...rest, rules: read }
}
