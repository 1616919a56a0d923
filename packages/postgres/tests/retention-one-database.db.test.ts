import { setTimeout as sleep } from 'node:timers/promises'
import { InvariantError } from '@varco/core'
import { openDatabase, openRetentionStore, postgresRetentionRecords, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { endPlan, placeHold, runPlan, type RetentionDesk } from '@varco/retention'
import { beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import { HOLDS_LOCK } from '../src/holds-lock.ts'
import {
  addInvoices,
  approvedPlan,
  certificateOf,
  createRecords,
  invoiceIds,
  keptApart,
  person,
  worldOn,
} from './retention/retention-world.ts'

/*
 * Where records and Varco's own state are in one database a slice is one transaction: what goes and the note that it went, or
 * neither.
 */

const DUE = 300
const by = person('SCH-1')
let database: Database
let desk: RetentionDesk
let plan: string

beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  await createRecords(database)
  await addInvoices(database, DUE)
  desk = worldOn(database).desk
  plan = (await approvedPlan(desk)).id
})

interface Standing {
  readonly invoices: number
  readonly tombstones: number
  readonly done: number
  readonly todo: number
  readonly begun: boolean
}

async function standing(): Promise<Standing> {
  const { rows } = await database.pool.query<Standing>(
    `SELECT (SELECT count(*)::int FROM gse.invoice) AS invoices,
       (SELECT count(*)::int FROM varco.tombstones, unnest(hashes)) AS tombstones,
       sum(done)::int AS done, sum(cardinality(todo))::int AS todo, bool_or(begun IS NOT NULL) AS begun
     FROM varco.retention_pages`,
  )
  if (rows[0] === undefined) throw new Error('there is no page')
  return rows[0]
}

const UNTOUCHED: Standing = { invoices: 2 * DUE, tombstones: 0, done: 0, todo: DUE, begun: false }

/** Does it in place of what follows the deletion, and before the commit. */
function after(work: () => Promise<unknown>): RetentionDesk {
  const remainingWithin: RetentionDesk['records']['remainingWithin'] = async (...asked) => {
    await work()
    return desk.records.remainingWithin(...asked)
  }
  return { ...desk, records: { ...desk.records, remainingWithin } }
}

test('until the commit nothing has gone and nothing is noted, and keys are never noted as begun', async () => {
  const seen: Standing[] = []
  const looking = after(async () => seen.push(await standing()))
  const certificate = certificateOf(await runPlan(looking, { plan, by }))
  expect(seen[0]).toEqual(UNTOUCHED)
  expect(seen.length).toBeGreaterThan(1)
  for (const { invoices, tombstones, done, begun } of seen)
    expect([invoices, done, begun]).toEqual([2 * DUE - tombstones, tombstones, false])
  expect(certificate.rules[0]).toMatchObject({ done: DUE, found_again: 0 })
  expect(await standing()).toEqual({ invoices: DUE, tombstones: DUE, done: DUE, todo: 0, begun: false })
})

test('what cuts its connection after the deletion leaves nothing half done, and nothing unsure', async () => {
  const cutting = after(() =>
    database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()",
    ),
  )
  await expect(runPlan(cutting, { plan, by })).rejects.toThrow('retention is not available')
  expect(await standing()).toEqual(UNTOUCHED)
  expect(certificateOf(await runPlan(desk, { plan, by })).rules[0]).toMatchObject({
    done: DUE,
    found_again: 0,
  })
})

test.each([
  ['gse.invoice', 'INSERT OR DELETE', 'together'],
  ['varco.tombstones', 'INSERT', 'together'],
  ['gse.invoice', 'INSERT OR DELETE', 'apart'],
  // Where a page is claimed.
  ['varco.retention_pages', 'UPDATE OF pass', 'together'],
] as const)(
  'what gave way to others at %s, %s, is done again whole: each record goes once, and is noted once: %s',
  async (table, act, kept) => {
    // A sequence is not rolled back with the rest.
    await database.pool.query(`
      CREATE SEQUENCE gse.tries;
      CREATE FUNCTION gse.give_way() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF nextval('gse.tries') <= 2 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF; RETURN NULL; END $$;
      CREATE TRIGGER give_way AFTER ${act} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION gse.give_way()`)
    const wanted = kept === 'apart' ? keptApart(desk) : desk
    expect(certificateOf(await runPlan(wanted, { plan, by })).rules[0]).toMatchObject({ done: DUE })
    expect(await standing()).toMatchObject({ invoices: DUE, tombstones: DUE, done: DUE })
  },
)

test.each(['together', 'apart'] as const)(
  'what comes back only at the commit is found again, and the certificate says so: %s',
  async (kept) => {
    await database.pool.query(`
      CREATE FUNCTION gse.bring_back() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO gse.invoice SELECT OLD.*; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER bring_back AFTER DELETE ON gse.invoice DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.id = 7) EXECUTE FUNCTION gse.bring_back()`)
    const certificate = certificateOf(await runPlan(kept === 'apart' ? keptApart(desk) : desk, { plan, by }))
    expect(certificate.rules[0]).toMatchObject({ done: DUE, found_again: 1 })
    expect(await invoiceIds(database)).toContain(7)
  },
)

/** Whatever is asked before the commit, the record is back after it. */
const BACK_AFTER_THE_QUESTION = {
  'by a trigger that puts another off once more': `
    CREATE TABLE gse.echo (id bigint);
    CREATE FUNCTION gse.put_off() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN SET CONSTRAINTS gse.bring_back DEFERRED; INSERT INTO gse.echo VALUES (OLD.id); RETURN NULL; END $$;
    CREATE FUNCTION gse.bring_back() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO gse.invoice (id, producer_id) VALUES (NEW.id, 'P1'); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER put_off AFTER DELETE ON gse.invoice DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (OLD.id = 7) EXECUTE FUNCTION gse.put_off();
    CREATE CONSTRAINT TRIGGER bring_back AFTER INSERT ON gse.echo DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION gse.bring_back()`,
  'by one on what notes that it went': `
    CREATE FUNCTION gse.bring_back() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO gse.invoice (id, producer_id) VALUES (7, 'P1') ON CONFLICT DO NOTHING; RETURN NULL; END $$;
    CREATE TRIGGER bring_back AFTER INSERT ON varco.tombstones FOR EACH STATEMENT EXECUTE FUNCTION gse.bring_back()`,
}
const MADE_BACK = Object.entries(BACK_AFTER_THE_QUESTION)

test.each(MADE_BACK)(
  'what comes back after the question is asked for once more after the commit: %s',
  async (_, made) => {
    await database.pool.query(made)
    const certificate = certificateOf(await runPlan(desk, { plan, by }))
    expect(certificate.rules[0]).toMatchObject({ done: DUE, found_again: 1 })
    expect(await invoiceIds(database)).toContain(7)
    expect(await standing()).toMatchObject({ tombstones: DUE, done: DUE, todo: 0, begun: false })
  },
)

test.each(MADE_BACK)('and by the next process where this one ended before it asked: %s', async (_, made) => {
  await database.pool.query(made)
  const remaining = () => Promise.reject(new Error('the end of the process'))
  const ending = { ...desk, records: { ...desk.records, remaining } }
  await expect(runPlan(ending, { plan, by })).rejects.toThrow('the end of the process')
  const left = await standing()
  expect(left.done).toBeGreaterThan(0)
  expect(left).toMatchObject({ tombstones: left.done, todo: DUE - left.done, begun: true })
  expect(certificateOf(await runPlan(desk, { plan, by })).rules[0]).toMatchObject({
    done: DUE,
    found_again: 1,
  })
  expect(await standing()).toMatchObject({ tombstones: DUE, done: DUE, todo: 0, begun: false })
})

test('a plan that is ended before its last question was asked is asked then, and nothing of it is unsure', async () => {
  await database.pool.query(BACK_AFTER_THE_QUESTION['by one on what notes that it went'])
  const remaining = () => Promise.reject(new Error('the end of the process'))
  const ending = { ...desk, records: { ...desk.records, remaining } }
  await expect(runPlan(ending, { plan, by })).rejects.toThrow('the end of the process')
  const { done } = await standing()
  await endPlan(desk, { plan, by, why: 'asked' })
  expect(certificateOf(await runPlan(desk, { plan, by })).rules[0]).toMatchObject({
    done,
    found_again: 1,
    kept: { not_reached: DUE - done, unsure: 0 },
  })
})

test.each(['together', 'apart'] as const)(
  'what triggers do at the end, and the notes, are waited for as long as what is looked at apart: %s',
  async (kept) => {
    await database.pool.query(`
      CREATE TABLE gse.patience (who text, patience text);
      CREATE FUNCTION gse.note_patience() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO gse.patience VALUES (TG_TABLE_NAME, current_setting('lock_timeout')); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER note_patience AFTER DELETE ON gse.invoice DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.id = 7) EXECUTE FUNCTION gse.note_patience();
      CREATE TRIGGER note_patience AFTER INSERT ON varco.tombstones FOR EACH STATEMENT EXECUTE FUNCTION gse.note_patience()`)
    await runPlan(kept === 'apart' ? keptApart(desk) : desk, { plan, by })
    const { rows } = await database.pool.query<{ who: string; patience: string }>(
      'SELECT DISTINCT who, patience FROM gse.patience ORDER BY who',
    )
    // Those of another transaction are not the slice's to bound.
    const patience = kept === 'apart' ? '0' : '2s'
    expect(rows).toEqual([
      { who: 'invoice', patience: '2s' },
      { who: 'tombstones', patience },
    ])
  },
)

test.each(['together', 'apart'] as const)(
  'a hold for which a slice waited is seen by it, however strict the database makes its transactions: %s',
  async (kept) => {
    const name = new URL(database.url).pathname.slice(1)
    await database.pool.query(`ALTER DATABASE ${name} SET default_transaction_isolation = 'repeatable read'`)
    await using strict = openDatabase({ url: database.url })
    const theirs = { ...worldOn(strict).desk, sign: desk.sign }
    const before = await database.pool.connect()
    await before.query(`BEGIN; SELECT pg_advisory_xact_lock_shared(${HOLDS_LOCK})`)
    const placed = placeHold(theirs, {
      scope: { kind: 'resource', resource: 'invoice' },
      ...{ case: 'RG 12/2026', reason: 'a dispute before the court', by: person('LEG-1'), reviewAt: null },
    })
    await waitingForLock(1)
    const run = runPlan(kept === 'apart' ? keptApart(theirs) : theirs, { plan, by })
    await waitingForLock(2)
    await before.query('COMMIT')
    before.release()
    expect(await placed).toMatchObject({ ok: true })
    expect(certificateOf(await run).rules[0]).toMatchObject({ done: 0, kept: { held: DUE } })
    expect(await invoiceIds(database)).toHaveLength(2 * DUE)
  },
)

async function waitingForLock(connections: number): Promise<void> {
  for (let waiting = -1; waiting !== connections; await sleep(5)) {
    const { rowCount } = await database.pool.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'",
    )
    waiting = rowCount ?? 0
  }
}

test('records are not disposed of in a transaction of another database', async () => {
  await using other = await scratchDatabase(inject('serverUrl'))
  await createRecords(other)
  await addInvoices(other, DUE)
  const theirs = postgresRetentionRecords(other)
  const mistaken = { ...theirs, keptIn: openRetentionStore(database).keptIn }
  await expect(runPlan({ ...desk, records: mistaken }, { plan, by })).rejects.toThrow(InvariantError)
  expect(await standing()).toEqual(UNTOUCHED)
  expect(await invoiceIds(other)).toHaveLength(2 * DUE)
})
