import { setTimeout as sleep } from 'node:timers/promises'
import { UnavailableError } from '@varco/core'
import { openDatabase, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  approveInPart,
  approvePlan,
  cancelPlan,
  listedRecords,
  pausePlan,
  placeHold,
  planReplay,
  planRetention,
  releaseHold,
  reviewHold,
  runPlan,
  verifyCertificate,
  type Certificate,
  type HoldScope,
  type ListedRecord,
  type RetentionDesk,
  type RetentionPlan,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import {
  addInvoices,
  approvedPlan,
  createRecords,
  invoiceIds,
  keptApart,
  person,
  RULE,
  worldOn,
  certificateOf,
} from './retention/retention-world.ts'

/** A round of cut connections takes a second. */
const ROUNDS = Number(process.env['VARCO_ROUNDS'] ?? 4)
const by = person('SCH-1')

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
})
afterEach(() => database[Symbol.asyncDispose]())

type Kept = 'together' | 'apart'

/** Records and Varco's own state in one database, or as in two. */
function keptAs(kept: Kept, desk: RetentionDesk): RetentionDesk {
  return kept === 'apart' ? keptApart(desk) : desk
}

async function hold(desk: RetentionDesk, scope: HoldScope): Promise<string> {
  const outcome = await placeHold(desk, {
    scope,
    case: 'RG 12/2026',
    reason: 'a dispute before the court',
    by: person('LEG-1'),
    reviewAt: null,
  })
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.hold.id
}

test('what is due goes, on two people’s word, and its certificate says so', async () => {
  await addInvoices(database, 300)
  const { desk, acts, publicKey } = worldOn(database)
  const plan = await approvedPlan(desk)
  expect(plan.rules).toMatchObject([
    { rule: 'invoices', records: 300, oldest: '2010-01-02', held: 0, withoutTrigger: 0 },
  ])
  const outcome = await runPlan(desk, { plan: plan.id, by })
  const certificate = certificateOf(outcome)
  expect(certificate.rules).toMatchObject([{ planned: 300, done: 300, found_again: 0 }])
  expect(certificate.approvals.map((given) => given.by)).toEqual(['OWN-1', 'DPO-1'])
  expect(await invoiceIds(database)).toEqual(Array.from({ length: 300 }, (_, i) => i + 301))
  if (!outcome.ok || outcome.ended !== 'done') return
  expect(await verifyCertificate(outcome.certificate.jws, publicKey)).toEqual(certificate)
  expect(acts.map(({ kind }) => kind)).toEqual([
    'retention-planned',
    'retention-approved',
    'retention-approved',
    'retention-started',
    'retention-certified',
  ])
  expect(await runPlan(desk, { plan: plan.id, by })).toEqual(outcome)
})

test('no list of what went remains: keys leave the plan as they are settled, and none is in an act', async () => {
  await addInvoices(database, 40)
  const { desk, acts } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await runPlan(desk, { plan: id, by })
  const { rows } = await database.pool.query(
    'SELECT FROM varco.retention_pages WHERE cardinality(todo) > 0 OR begun IS NOT NULL OR open',
  )
  expect(rows).toEqual([])
  expect(JSON.stringify(acts)).not.toMatch(/"(?:[1-9]|[1-3][0-9]|40)"/)
})

test('two plans of the same records on one day have the same hash; another record changes it', async () => {
  await addInvoices(database, 30)
  const { desk } = worldOn(database)
  const first = await planRetention(desk, { by })
  expect((await planRetention(desk, { by })).hash).toBe(first.hash)
  await database.pool.query('DELETE FROM gse.invoice WHERE id = 7')
  expect((await planRetention(desk, { by })).hash).not.toBe(first.hash)
})

test('nobody approves their own plan, nor twice, nor out of turn; nothing runs before', async () => {
  await addInvoices(database, 3)
  const { desk } = worldOn(database)
  const { id } = await planRetention(desk, { by: person('ADM-1') })
  const codes: string[] = []
  const attempt = async (name: string, as: 'owner' | 'dpo'): Promise<void> => {
    const outcome = await approvePlan(desk, { plan: id, by: person(name), as })
    codes.push(outcome.ok ? 'ok' : outcome.code)
  }
  await attempt('ADM-1', 'owner')
  await attempt('DPO-1', 'dpo')
  await attempt('OWN-1', 'owner')
  await attempt('OWN-1', 'dpo')
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ok: false, code: 'not-approved' })
  await attempt('DPO-1', 'dpo')
  expect(codes).toEqual(['own-plan', 'not-your-turn', 'ok', 'same-person', 'ok'])
})

test('an outside authority is asked last, and its letter named', async () => {
  await addInvoices(database, 3)
  const { desk } = worldOn(database, [{ ...RULE, approval: 'authority' }])
  const plan = await approvedPlan(desk)
  expect(plan.state).toBe('planned')
  const given = { plan: plan.id, by: person('ARC-1'), as: 'authority' } as const
  expect(await approvePlan(desk, given)).toMatchObject({ code: 'reference-needed' })
  expect(await approvePlan(desk, { ...given, reference: 'prot. 7/2026' })).toMatchObject({
    ok: true,
    plan: { state: 'approved' },
  })
})

test.each([
  ['a record', { kind: 'record', resource: 'invoice', record: '7' }, 1],
  ['a data subject', { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P1' } }, 10],
  ['a resource', { kind: 'resource', resource: 'invoice' }, 50],
] as const)('a hold on %s, placed after approval, keeps it', async (_, scope, kept) => {
  await addInvoices(database, 50)
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const placed = await hold(desk, scope)
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  expect(certificate.rules[0]).toMatchObject({ done: 50 - kept, kept: { held: kept } })
  expect(await releaseHold(desk, placed, person('LEG-1'))).toMatchObject({ code: 'same-person' })
  expect(await releaseHold(desk, placed, person('LEG-2'))).toMatchObject({ ok: true })
  const again = await approvedPlan(desk)
  expect(again.rules[0]?.records).toBe(kept)
})

test('a hold by a condition keeps what matches, also what came to match since the plan, and what may match', async () => {
  await addInvoices(database, 50)
  await database.pool.query(
    "UPDATE gse.invoice SET status = CASE WHEN id <= 10 THEN 'disputed' ELSE 'paid' END, amount = id",
  )
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await hold(desk, {
    kind: 'query',
    resource: 'invoice',
    where: { status: { eq: 'disputed' }, amount: { lte: 5 } },
  })
  await database.pool.query("UPDATE gse.invoice SET status = 'disputed', amount = 1.5 WHERE id = 30")
  await database.pool.query('UPDATE gse.invoice SET status = NULL, amount = 1 WHERE id = 40')
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  expect((await invoiceIds(database)).filter((one) => one <= 50)).toEqual([1, 2, 3, 4, 5, 30, 40])
  expect(certificate.rules[0]).toMatchObject({ done: 43, kept: { held: 7 } })
  expect((await planRetention(desk, { by })).rules[0]).toMatchObject({ records: 7, held: 7 })
})

test('a hold by contract keeps what the log shows to have been disclosed under it; where the log is away nothing goes', async () => {
  await addInvoices(database, 50)
  const world = worldOn(database)
  const shownUnder = async (contracts: readonly string[], resource: string, keys: readonly string[]) =>
    new Set(
      contracts.includes('aurora-2026') && resource === 'invoice'
        ? keys.filter((key) => Number(key) <= 7)
        : [],
    )
  const desk = { ...world.desk, shownUnder }
  const { id } = await approvedPlan(desk)
  await hold(desk, { kind: 'contract', contract: 'aurora-2026' })
  const away = { ...desk, shownUnder: () => Promise.reject(new UnavailableError('access log')) }
  await expect(runPlan(away, { plan: id, by })).rejects.toThrow(UnavailableError)
  expect(await invoiceIds(database)).toHaveLength(100)
  await runPlan(desk, { plan: id, by })
  expect((await invoiceIds(database)).filter((one) => one <= 50)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('a hold that is looked at again is kept until another day, by another person', async () => {
  const { desk, clock, acts } = worldOn(database)
  const id = await hold(desk, { kind: 'resource', resource: 'invoice' })
  const until = clock.now() + 86_400_000_000n
  const review = { id, until, reason: 'the appeal is pending', by: person('LEG-2') }
  for (const [wrong, code] of [
    [{ by: person('LEG-1') }, 'same-person'],
    [{ until: clock.now() }, 'review-past'],
    [{ reason: ' too short ' }, 'too-short'],
  ] as const)
    expect(await reviewHold(desk, { ...review, ...wrong })).toMatchObject({ ok: false, code })
  expect(await desk.store.hold(id)).toMatchObject({ reviewed: null })
  expect(await reviewHold(desk, review)).toMatchObject({ ok: true })
  expect(await desk.store.hold(id)).toMatchObject({
    ...{ reviewAt: until, releasedAt: null },
    reviewed: { by: 'LEG-2', at: clock.now(), reason: 'the appeal is pending' },
  })
  expect(acts.map(({ kind }) => kind)).toEqual(['hold-placed', 'hold-reviewed'])
})

test('an outside authority agrees to a part: the rest leaves the plan; a letter that answers another list changes nothing', async () => {
  await addInvoices(database, 50)
  const { desk, acts } = worldOn(database, [{ ...RULE, approval: 'authority' }])
  const { id } = await approvedPlan(desk)
  const listed: ListedRecord[] = []
  for await (const page of listedRecords(desk, (await desk.store.plan(id)) as RetentionPlan))
    listed.push(...page)
  expect(listed).toHaveLength(50)
  expect(listed[0]).toEqual({ rule: 'invoices', resource: 'invoice', key: '1', from: '2010-01-02' })
  const letter = (...keys: readonly string[]) =>
    approveInPart(desk, {
      ...{ plan: id, by: person('ARC-1'), reference: 'prot. 7/2026' },
      agreed: (async function* () {
        yield keys.map((key) => ({ rule: 'invoices', key }))
      })(),
    })
  const recorded = acts.length
  expect(await letter('1', '2', '99')).toMatchObject({ code: 'not-in-plan' })
  expect((await desk.store.plan(id))?.state).toBe('planned')
  expect(acts).toHaveLength(recorded)
  expect(await letter('1', '2', '3', '3')).toMatchObject({
    ok: true,
    plan: {
      state: 'approved',
      rules: [{ records: 50, authorised: 3 }],
      approvals: [{}, {}, { reference: 'prot. 7/2026' }],
    },
  })
  expect(await letter('4')).toMatchObject({ code: 'plan-over' })
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  expect(certificate.rules[0]).toMatchObject({ planned: 50, done: 3, kept: { not_authorised: 47 } })
  expect((await invoiceIds(database)).slice(0, 2)).toEqual([4, 5])
})

test.each(['together', 'apart'] as const)(
  'a hold placed during a run: from its return on none of its records goes: %s',
  async (kept) => {
    await addInvoices(database, 4_000)
    const desk = keptAs(kept, worldOn(database).desk)
    const { id } = await approvedPlan(desk)
    const run = runPlan(desk, { plan: id, by })
    await sleep(60)
    await hold(desk, { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P3' } })
    const count = async (): Promise<number> => {
      const { rows } = await database.pool.query<{ n: string }>(
        "SELECT count(*) AS n FROM gse.invoice WHERE producer_id = 'P3' AND issued_on < '2015-01-01'",
      )
      return Number(rows[0]?.n)
    }
    const atReturn = await count()
    const certificate = certificateOf(await run)
    expect(await count()).toBe(atReturn)
    expect(certificate.rules[0]?.kept.held).toBe(atReturn)
    expect(certificate.rules[0]?.done).toBe(4_000 - atReturn)
  },
)

test('a date corrected between plan and run keeps the record; one that vanished is not certified', async () => {
  await addInvoices(database, 20)
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await database.pool.query("UPDATE gse.invoice SET issued_on = '2024-01-01' WHERE id = 3")
  await database.pool.query('UPDATE gse.invoice SET issued_on = NULL WHERE id = 4')
  await database.pool.query('DELETE FROM gse.invoice WHERE id = 5')
  const [rule] = certificateOf(await runPlan(desk, { plan: id, by })).rules
  expect(rule).toMatchObject({ done: 17, kept: { not_due: 2, gone: 1 } })
})

test('an instant is of the day and the year that it was where the body is', async () => {
  const title = { it: 'Visita', en: 'Visit' }
  const visit = {
    ...{ resource: 'visit', title, source: { relation: 'gse.visit' }, key: 'id', relations: {} },
    fields: {
      id: { type: 'text', category: 'administrative', title, nullable: false },
      arrived_at: { type: 'timestamp', category: 'administrative', title, nullable: true },
    },
  } as const
  await database.pool.query(`
    CREATE TABLE gse.visit (id text PRIMARY KEY, arrived_at timestamptz);
    INSERT INTO gse.visit VALUES ('old year', '2024-12-31T22:59:59Z'), ('new year', '2024-12-31T23:30Z'), ('no day', NULL)`)
  const rule = {
    ...RULE,
    resource: 'visit',
    trigger: { field: 'arrived_at' },
    after: 'P1Y',
    align: 'year-end',
  }
  const { desk } = worldOn(database, [rule as typeof RULE], [visit])
  const { id, rules } = await approvedPlan(desk)
  expect(rules).toMatchObject([{ records: 1, oldest: '2024-12-31', withoutTrigger: 1 }])
  await runPlan(desk, { plan: id, by })
  const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM gse.visit ORDER BY id')
  expect(rows.map((row) => row.id)).toEqual(['new year', 'no day'])
})

test('a run rests so long after each slice that it works for its share of the time', async () => {
  await addInvoices(database, 300)
  const { desk, clock } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const dispose: RetentionDesk['records']['dispose'] = async (task) => {
    clock.advance(40_000n)
    return desk.records.dispose(task)
  }
  const rests: number[] = []
  const pause = async (ms: number): Promise<void> => void rests.push(ms)
  await runPlan({ ...desk, pause, records: { ...desk.records, dispose } }, { plan: id, by, duty: 0.25 })
  expect(rests.length).toBeGreaterThan(1)
  expect(new Set(rests)).toEqual(new Set([120]))
})

test('a record that others point at waits; a chain within one table goes from its leaf', async () => {
  await addInvoices(database, 20)
  // 1 <- 2 <- 3, all due; 21, not due, points at 10.
  await database.pool.query(
    'UPDATE gse.invoice SET previous = CASE id WHEN 21 THEN 10 ELSE id - 1 END WHERE id IN (2, 3, 21)',
  )
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const progress: number[] = []
  const onProgress = (settled: number): unknown => progress.push(settled)
  const [rule] = certificateOf(await runPlan(desk, { plan: id, by, onProgress })).rules
  expect(rule).toMatchObject({ done: 19, kept: { referenced: 1 } })
  // Each record once, however many passes it took; the one that stays when nothing more is tried.
  expect([progress.at(0), progress.at(-2), progress.at(-1)]).toEqual([18, 19, 20])
  expect((await invoiceIds(database)).filter((one) => one <= 20)).toEqual([10])
})

test('a chain whose run was stopped after many passes goes to its end at the next run', async () => {
  await addInvoices(database, 20)
  await database.pool.query('UPDATE gse.invoice SET previous = id - 1 WHERE id BETWEEN 2 AND 20')
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const stopping = new AbortController()
  let slices = 0
  const onProgress = (): void => {
    slices += 1
    if (slices === 8) stopping.abort()
  }
  expect(await runPlan(desk, { plan: id, by, stop: stopping.signal, onProgress })).toMatchObject({
    ended: 'stopped',
  })
  const [rule] = certificateOf(await runPlan(desk, { plan: id, by })).rules
  expect(rule).toMatchObject({ done: 20, kept: { referenced: 0 } })
})

test('a plan called off keeps no key, nor whose request it was', async () => {
  await addInvoices(database, 3)
  const { desk } = worldOn(database)
  const plan = await planRetention(desk, { by })
  const request = { id: 'REQ-1', dataSubject: { kind: 'producer', id: 'P1' } }
  await desk.store.replacePlan({ ...plan, request, revision: 1 })
  await cancelPlan(desk, plan.id, by)
  expect((await desk.store.plan(plan.id))?.request?.dataSubject).toBeNull()
  const { rows } = await database.pool.query(
    'SELECT FROM varco.retention_pages WHERE open OR cardinality(todo) > 0',
  )
  expect(rows).toEqual([])
})

test('a cascade never takes what was not planned', async () => {
  await database.pool.query(`
    ALTER TABLE gse.invoice DROP CONSTRAINT invoice_previous_fkey;
    ALTER TABLE gse.invoice ADD FOREIGN KEY (previous) REFERENCES gse.invoice ON DELETE CASCADE`)
  await addInvoices(database, 10)
  await database.pool.query('UPDATE gse.invoice SET previous = 1 WHERE id = 15')
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const [rule] = certificateOf(await runPlan(desk, { plan: id, by })).rules
  expect(rule).toMatchObject({ done: 9, kept: { referenced: 1 } })
  expect(await invoiceIds(database)).toContain(15)
})

test('what cascades would reach is counted before it happens, and what of it no rule takes', async () => {
  await database.pool.query(`
    ALTER TABLE gse.invoice DROP CONSTRAINT invoice_previous_fkey;
    ALTER TABLE gse.invoice ADD CONSTRAINT next FOREIGN KEY (previous) REFERENCES gse.invoice ON DELETE CASCADE;
    ALTER TABLE gse.antimafia_check ADD invoice bigint;
    ALTER TABLE gse.antimafia_check ADD CONSTRAINT about FOREIGN KEY (invoice) REFERENCES gse.invoice ON DELETE SET NULL`)
  await addInvoices(database, 3_000)
  await database.pool.query(`
    UPDATE gse.invoice SET previous = id WHERE id = 9;
    UPDATE gse.invoice SET previous = 1 WHERE id IN (2, 3, 5999);
    UPDATE gse.invoice SET previous = 2999 WHERE id = 3000;
    UPDATE gse.invoice SET previous = 5998 WHERE id = 6000;
    INSERT INTO gse.antimafia_check VALUES (1, 'P1', 1), (2, 'P1', 2999), (3, 'P1', 5999), (4, 'P1', NULL)`)
  const { desk } = worldOn(database)
  const [rule] = (await planRetention(desk, { by })).rules
  expect(rule?.cascades).toEqual([
    { foreignKey: 'about', child: 'gse.antimafia_check', onDelete: 'set-null', rows: 2, unplanned: 2 },
    { foreignKey: 'next', child: 'gse.invoice', onDelete: 'cascade', rows: 4, unplanned: 1 },
  ])
  const { rows } = await database.pool.query('SELECT FROM gse.antimafia_check WHERE invoice IS NOT NULL')
  expect(rows).toHaveLength(3)
})

test('a table the catalogue does not know, pointing at what is to go, blocks the run; so does one added after approval', async () => {
  await addInvoices(database, 5)
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await database.pool.query(
    'CREATE TABLE gse.attachment (id int, invoice_id bigint REFERENCES gse.invoice ON DELETE CASCADE)',
  )
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ok: false, code: 'graph-fault' })
  expect((await planRetention(desk, { by })).faults).toMatchObject([
    { code: 'unknown-table', child: 'gse.attachment', parent: 'gse.invoice' },
  ])
  await database.pool.query('DROP TABLE gse.attachment')
  await database.pool.query('ALTER TABLE gse.antimafia_check ADD invoice_id bigint REFERENCES gse.invoice')
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ok: false, code: 'rules-changed' })
  expect(await invoiceIds(database)).toHaveLength(10)
})

test('a table tied to what is going while the run is under way keeps its rows, and what they point at', async () => {
  await addInvoices(database, 600)
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const { pool } = database
  const tied = { ids: [] as readonly number[] }
  const pause = async (): Promise<void> => {
    if (tied.ids.length > 0) return
    tied.ids = await invoiceIds(database)
    await pool.query(`CREATE TABLE gse.scan (invoice bigint REFERENCES gse.invoice ON DELETE CASCADE);
      INSERT INTO gse.scan SELECT id FROM gse.invoice`)
  }
  const certificate = certificateOf(await runPlan({ ...desk, pause }, { plan: id, by, duty: 0.5 }))
  expect(tied.ids.length).toBeGreaterThan(600)
  expect(await invoiceIds(database)).toEqual(tied.ids)
  expect((await pool.query('SELECT FROM gse.scan')).rowCount).toBe(tied.ids.length)
  expect(certificate.rules).toMatchObject([
    { planned: 600, done: 1_200 - tied.ids.length, kept: { referenced: tied.ids.length - 600 } },
  ])
  expect((await planRetention(desk, { by })).faults).toMatchObject([
    { code: 'unknown-table', child: 'gse.scan' },
  ])
})

test('a table tied to it empty keeps it too: nobody has said what happens to the rows to come', async () => {
  await addInvoices(database, 600)
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  let left = 0
  const pause = async (): Promise<void> => {
    if (left > 0) return
    left = (await invoiceIds(database)).length
    await database.pool.query(
      'CREATE TABLE gse.scan (invoice bigint REFERENCES gse.invoice ON DELETE CASCADE)',
    )
  }
  await runPlan({ ...desk, pause }, { plan: id, by, duty: 0.5 })
  expect(await invoiceIds(database)).toHaveLength(left)
})

test('a clock that stepped back, and a plan called off, run nothing', async () => {
  await addInvoices(database, 5)
  const world = worldOn(database)
  const { desk, clock } = world
  const { id } = await approvedPlan(desk)
  const earlier = { ...desk, clock: { now: () => clock.now() - 2n * 86_400_000_000n } }
  expect(await runPlan(earlier, { plan: id, by })).toMatchObject({ ok: false, code: 'clock-behind' })
  expect(await cancelPlan(desk, id, person('DPO-1'))).toMatchObject({ ok: true })
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ok: false, code: 'plan-over' })
  expect(await invoiceIds(database)).toHaveLength(10)
})

test('masks once, and leaves the record as a stub: what points at it still does', async () => {
  await addInvoices(database, 5)
  const { desk } = worldOn(database, [
    {
      ...RULE,
      id: 'producers',
      resource: 'producer',
      trigger: { field: 'birth_date' },
      action: 'anonymise',
      // By category too, but what the rule names otherwise.
      masks_by_category: { contact: 'redact' },
      masks: { name: 'redact', tax_code: 'redact', email: 'clear', birth_date: 'year' },
    },
  ])
  const { id } = await approvedPlan(desk)
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules[0]).toMatchObject({ done: 5 })
  const { rows } = await database.pool.query(
    'SELECT DISTINCT name, tax_code, email, birth_date::text, region FROM gse.producer',
  )
  expect(rows).toEqual([{ name: '—', tax_code: '—', email: null, birth_date: '1960-01-01', region: '—' }])
  const { rowCount } = await database.pool.query(
    'SELECT FROM gse.invoice AS i JOIN gse.producer AS p ON p.id = i.producer_id',
  )
  expect(rowCount).toBe(10)
  expect((await planRetention(desk, { by })).rules[0]?.records).toBe(0)
})

test('masks nobody who would still be told apart, whatever the slices', async () => {
  const { desk } = worldOn(database, [
    {
      ...RULE,
      id: 'producers',
      resource: 'producer',
      trigger: { field: 'birth_date' },
      action: 'anonymise',
      masks: { name: 'redact', tax_code: 'redact', email: 'clear', birth_date: 'year' },
      quasi_identifiers: { fields: ['birth_date', 'region'], at_least: 3 },
    },
  ])
  await database.pool.query(`UPDATE gse.producer SET region = 'Molise' WHERE id IN ('P4', 'P5')`)
  const { id } = await approvedPlan(desk)
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules[0]).toMatchObject({
    ...{ planned: 5, done: 3 },
    kept: { identifiable: 2, referenced: 0 },
  })
  const { rows } = await database.pool.query(`SELECT id, name FROM gse.producer ORDER BY id`)
  expect(rows.map(({ name }: { name: string }) => name)).toEqual(['—', '—', '—', 'Name 4', 'Name 5'])
})

test('a producer goes ten years after the last of its invoices, though they go before it', async () => {
  await addInvoices(database, 10)
  await database.pool.query(`
    DELETE FROM gse.invoice WHERE id > 10;
    INSERT INTO gse.invoice (id, producer_id, issued_on) VALUES (90, 'P1', '2020-01-01'), (91, 'P2', NULL)`)
  const { desk } = worldOn(database, [
    RULE,
    {
      ...RULE,
      id: 'producers',
      resource: 'producer',
      owner: 'antimafia-unit',
      trigger: { field: 'birth_date', last_of: { relation: 'invoices', field: 'issued_on' } },
    },
  ])
  const plan = await approvedPlan(desk)
  expect(plan.rules.map(({ rule, records, owner }) => [rule, records, owner])).toEqual([
    ['invoices', 10, null],
    ['producers', 3, 'antimafia-unit'],
  ])
  await runPlan(desk, { plan: plan.id, by })
  const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM gse.producer ORDER BY id')
  expect(rows.map((row) => row.id)).toEqual(['P1', 'P2'])
})

test('archives what goes before it goes, once, and the certificate names the bundle', async () => {
  await addInvoices(database, 20)
  const { desk } = worldOn(database, [{ ...RULE, action: 'archive' }])
  const kept: string[] = []
  const archive = {
    ...desk.archive,
    add: async (...[plan, rule, records]: Parameters<typeof desk.archive.add>) => {
      kept.push(...records.map(({ record }) => record))
      await desk.archive.add(plan, rule, records)
    },
  }
  await hold(desk, { kind: 'record', resource: 'invoice', record: '2' })
  const { id } = await approvedPlan(desk)
  const certificate = certificateOf(await runPlan({ ...desk, archive }, { plan: id, by }))
  expect(certificate.rules[0]).toMatchObject({ action: 'archive', done: 19, archive: { records: 19 } })
  expect(kept).toHaveLength(19)
  expect(JSON.parse(kept[0] ?? '')).toMatchObject({ producer_id: expect.stringMatching(/^P/) })
  expect((await invoiceIds(database)).filter((one) => one <= 20)).toEqual([2])
})

test('an archive that cannot be written keeps every record', async () => {
  await addInvoices(database, 20)
  const { desk } = worldOn(database, [{ ...RULE, action: 'archive' }])
  const { id } = await approvedPlan(desk)
  const full = { ...desk.archive, add: () => Promise.reject(new UnavailableError('the archive')) }
  await expect(runPlan({ ...desk, archive: full }, { plan: id, by })).rejects.toThrow(UnavailableError)
  expect(await invoiceIds(database)).toHaveLength(40)
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules[0]).toMatchObject({
    done: 20,
    archive: { records: 20 },
  })
})

test('restricts a stage as one, leaves its records, and does not plan them twice', async () => {
  await addInvoices(database, 20)
  const { desk, acts } = worldOn(database, [{ ...RULE, action: 'restrict' }])
  const { id } = await approvedPlan(desk)
  expect(await desk.restrictions.restrictions()).toEqual([])
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules[0]).toMatchObject({ done: 20 })
  expect(await invoiceIds(database)).toHaveLength(40)
  expect(await desk.restrictions.restrictions()).toMatchObject([
    { scope: { kind: 'stage', resource: 'invoice', cutoffs: [{ field: 'issued_on', upTo: '2016-11-24' }] } },
  ])
  expect(acts.map(({ kind }) => kind)).toContain('restriction-placed')
  expect((await planRetention(desk, { by })).rules[0]?.records).toBe(0)
})

test('after a restore from a backup what had gone goes again, but for what is held now', async () => {
  await addInvoices(database, 20)
  await database.pool.query('CREATE TABLE backup AS SELECT * FROM gse.invoice')
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await runPlan(desk, { plan: id, by })
  await database.pool.query('TRUNCATE gse.invoice; INSERT INTO gse.invoice SELECT * FROM backup')
  // Due as well, but never approved.
  await database.pool.query(
    "INSERT INTO gse.invoice (id, producer_id, issued_on) VALUES (99, 'P1', '2001-01-01')",
  )
  await hold(desk, { kind: 'record', resource: 'invoice', record: '2' })
  const replay = await planReplay(desk, { by })
  expect(replay).toMatchObject({ state: 'approved', rules: [{ records: 20 }] })
  expect(certificateOf(await runPlan(desk, { plan: replay.id, by })).rules[0]).toMatchObject({ done: 19 })
  expect((await invoiceIds(database)).filter((one) => one <= 20 || one === 99)).toEqual([2, 99])
})

test('pauses between two slices and goes on from there', async () => {
  await addInvoices(database, 2_500)
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const pauses: Promise<unknown>[] = []
  const first = await runPlan(desk, {
    plan: id,
    by,
    onProgress: () => void pauses.push(pausePlan(desk, id)),
  })
  await Promise.all(pauses)
  expect(first).toEqual({ ok: true, ended: 'stopped' })
  expect((await invoiceIds(database)).length).toBeGreaterThan(2_500)
  const [rule] = certificateOf(await runPlan(desk, { plan: id, by })).rules
  expect(rule).toMatchObject({ planned: 2_500, done: 2_500 })
})

/** Where state and records are reached by other addresses on one node than on the other, both work all the same. */
test.each([
  ['together', 'together'],
  ['together', 'apart'],
] as const)('two schedulers at once: each record once, one certificate: %s and %s', async (first, then) => {
  await addInvoices(database, 9_000)
  const world = worldOn(database)
  await using second = openDatabase({ url: database.url })
  const other = { ...worldOn(second).desk, sign: world.desk.sign }
  const { id } = await approvedPlan(world.desk)
  const [one, two] = await Promise.all([
    runPlan(keptAs(first, world.desk), { plan: id, by }),
    runPlan(keptAs(then, other), { plan: id, by: person('SCH-2') }),
  ])
  expect(one).toEqual(two)
  expect(certificateOf(one).rules[0]).toMatchObject({ done: 9_000, kept: { gone: 0 } })
})

test('connections cut at random points: no half record, the rerun finishes, the certificate equals what is gone', async () => {
  const admin = openDatabase({ url: inject('serverUrl') })
  await using _ = admin
  const name = new URL(database.url).pathname.slice(1)
  for (let round = 0; round < ROUNDS; round++) {
    await database.pool.query('TRUNCATE gse.invoice')
    await addInvoices(database, 600)
    const desk = keptAs(round % 2 === 0 ? 'together' : 'apart', worldOn(database).desk)
    const { id } = await approvedPlan(desk)
    let certificate: Certificate | null = null
    for (let tries = 0; certificate === null; tries++) {
      const cut =
        tries > 2
          ? Promise.resolve()
          : sleep(1 + ((round * 13 + tries * 29) % 60)).then(() =>
              admin.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
                name,
              ]),
            )
      const outcome = await runPlan(desk, { plan: id, by }).catch(() => null)
      await cut
      await dropCutConnections(database)
      if (outcome?.ok === true && outcome.ended === 'done') certificate = outcome.certificate.certificate
      expect(tries).toBeLessThan(12)
    }
    expect(certificate.rules[0], `round ${round}`).toMatchObject({
      done: 600,
      kept: { gone: 0 },
      found_again: 0,
    })
    expect(await invoiceIds(database)).toEqual(Array.from({ length: 600 }, (_, i) => i + 601))
  }
})

/** A connection that was cut is noticed when it is used: each is, so that what follows has whole ones. */
async function dropCutConnections({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await Promise.allSettled(
    Array.from({ length: pool.totalCount + 1 }, () => pool.query('SELECT pg_sleep(0.01)')),
  )
}

test.each(['together', 'apart'] as const)(
  'a slice of which the answer to the commit was lost is settled by what is there: %s',
  async (kept) => {
    await addInvoices(database, 50)
    const { desk } = worldOn(database)
    const { id } = await approvedPlan(desk)
    await expect(runPlan(deafTo(desk, kept), { plan: id, by })).rejects.toThrow('retention is not available')
    expect(await invoiceIds(database)).toHaveLength(50)
    expect(certificateOf(await runPlan(desk, { plan: id, by })).rules[0]).toMatchObject({
      done: 50,
      kept: { gone: 0 },
    })
  },
)

/** The slice is committed, and nobody hears of it. */
function deafTo(desk: RetentionDesk, kept: Kept): RetentionDesk {
  const lost = (): never => {
    throw new UnavailableError('retention')
  }
  if (kept === 'apart')
    return keptApart({
      ...desk,
      records: { ...desk.records, dispose: (task) => desk.records.dispose(task).then(lost) },
    })
  const claimPage: RetentionDesk['store']['claimPage'] = async (...asked) => {
    const page = await desk.store.claimPage(...asked)
    if (page === null) return null
    const { todo, begun, unasked } = page
    return {
      ...{ todo, begun, unasked },
      slice: (...slice) => page.slice(...slice).then(lost),
      recover: (settled) => page.recover(settled),
      close: () => page.close(),
      abandon: (unsure) => page.abandon(unsure),
      [Symbol.asyncDispose]: () => page[Symbol.asyncDispose](),
    }
  }
  return { ...desk, store: { ...desk.store, claimPage } }
}
