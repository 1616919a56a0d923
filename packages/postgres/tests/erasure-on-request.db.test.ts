import { asId } from '@varco/core'
import type { BundleDocument } from '@varco/policy'
import { openDatabase, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  liftRestriction,
  placeHold,
  planErasure,
  planReplay,
  recordPlaced,
  restrictOnRequest,
  runPlan,
  settleNotice,
  type Recipient,
  type RetentionDesk,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { addLines, idsIn, linesAndNotes } from './retention/invoice-lines.ts'
import {
  addInvoices,
  approved,
  createRecords,
  invoiceIds,
  person,
  RULE,
  worldOn,
} from './retention/retention-world.ts'

const by = person('SCH-1')
const P1 = { kind: 'producer', id: 'P1' }
const REQUEST = 'RQ-2026-000017'

/** Nothing is due; invoices of 2020 are bound by another norm, those of 2010 by none. */
const INVOICES: BundleDocument['retention'][number] = {
  ...RULE,
  after: 'P20Y',
  on_request: 'erase',
  keep_at_least: [{ trigger: { field: 'issued_on' }, after: 'P8Y', because: 'D.P.R. 600/1973, art. 43' }],
}
const CHECKS: BundleDocument['retention'][number] = {
  ...RULE,
  ...{ id: 'checks', resource: 'antimafia_check', trigger: { field: 'requested_on' }, after: 'P2Y' },
  ...{ action: 'restrict', on_request: 'restrict', because: 'D.Lgs. 159/2011, art. 86' },
}

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
})
afterEach(() => database[Symbol.asyncDispose]())

const AURORA: Recipient = {
  ...{ processor: asId('aurora'), contract: asId('aurora-2026') },
  ...{ resources: ['invoice', 'producer'], copies: ['proxy-1.1.1'] },
}
const BOREA: Recipient = {
  ...{ processor: asId('borea'), contract: asId('borea-2023'), resources: ['producer'], copies: [] },
}

function deskOf(rules = [INVOICES, CHECKS]) {
  const world = worldOn(database, rules)
  const recipients = async () => [AURORA, BOREA]
  return { ...world, desk: { ...world.desk, recipients } satisfies RetentionDesk }
}

/** P1’s invoices are 5 and 10 of 2010, 15 and 20 of 2020. */
async function asked(desk: RetentionDesk): Promise<string> {
  const plan = await planErasure(desk, { request: REQUEST, dataSubject: P1, by: person('URP-1') })
  return (await approved(desk, plan)).id
}

test('a request takes away what no norm keeps, restricts what may not be used, and says of the rest by which norm it stays', async () => {
  await addInvoices(database, 10)
  await database.pool.query("INSERT INTO gse.antimafia_check VALUES (1, 'P1'), (2, 'P2')")
  const { desk, acts } = deskOf()
  const id = await asked(desk)
  const outcome = await runPlan(desk, { plan: id, by })
  expect(outcome).toMatchObject({ ok: true, ended: 'done' })
  expect(await invoiceIds(database)).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1).filter((one) => one !== 5 && one !== 10),
  )
  const hash = (key: string) => desk.hashKey('invoice', key)
  const told = await desk.store.outcome(id)
  expect(told?.records.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual(
    [
      ...['5', '10'].map((key) => ({ outcome: 'erased', resource: 'invoice', hash: hash(key) })),
      ...['15', '20'].map((key) => ({
        ...{ outcome: 'withheld', resource: 'invoice', key, why: 'norm', norm: 'D.P.R. 600/1973, art. 43' },
      })),
      { outcome: 'withheld', resource: 'producer', key: 'P1', why: 'norm', norm: null },
      { outcome: 'restricted', resource: 'antimafia_check', key: '1', norm: CHECKS.because },
    ].toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  )
  expect(await desk.restrictions.restrictions()).toMatchObject([
    { scope: { kind: 'data-subject', dataSubject: P1, resource: 'antimafia_check' }, request: REQUEST },
  ])
  // Borea was never shown an invoice: it has nothing to be told.
  expect(told?.recipients).toEqual([{ processor: 'aurora', contract: 'aurora-2026', resources: ['invoice'] }])
  expect(await desk.notices.waiting(10)).toMatchObject([
    { act: 'erasure', request: REQUEST, dataSubject: P1, resources: ['invoice'], copies: ['proxy-1.1.1'] },
  ])
  expect(JSON.stringify(acts)).not.toContain('P1')
})

test('a second plan of one request, of another kind of data subject or of the same, tells its recipients too', async () => {
  await addInvoices(database, 10)
  const { desk } = deskOf()
  const told = async () => {
    const waiting = await desk.notices.waiting(10)
    return waiting.filter(({ act }) => act === 'erasure').map(({ resources }) => resources)
  }
  await runPlan(desk, { plan: await asked(desk), by })
  expect(await told()).toEqual([['invoice']])
  // What came in after the first plan.
  await database.pool.query(
    "INSERT INTO gse.invoice (id, producer_id, issued_on) VALUES (99, 'P1', '2010-01-01')",
  )
  await runPlan(desk, { plan: await asked(desk), by })
  expect(await told()).toEqual([['invoice'], ['invoice']])
  const restricted = { request: REQUEST, by: person('DPO-1'), reason: 'Art. 18(1)(a): it is contested' }
  await restrictOnRequest(desk, { ...restricted, dataSubject: P1 })
  await restrictOnRequest(desk, { ...restricted, dataSubject: { kind: 'lead', id: 'P1' } })
  const waiting = await desk.notices.waiting(10)
  const kinds = waiting.filter(({ act, contract }) => act === 'restriction' && contract === 'aurora-2026')
  expect(new Set(kinds.map(({ dataSubject }) => dataSubject?.kind))).toEqual(new Set(['producer', 'lead']))
  expect(waiting.map(({ id }) => id).join()).not.toContain('P1')
})

/** Answers once so many have asked: what each of them did before, it did before any of them went on. */
function meeting(of: number): () => Promise<void> {
  const all = Promise.withResolvers<void>()
  let come = 0
  return async () => {
    come += 1
    if (come >= of) all.resolve()
    await all.promise
  }
}

test('two processes that plan one request at once make one plan; of another person, and once it is over, it is another', async () => {
  await addInvoices(database, 10)
  const one = deskOf()
  await using second = openDatabase({ url: database.url })
  const other = worldOn(second, [INVOICES, CHECKS])
  const met = meeting(2)
  const meetingDesk = (desk: RetentionDesk): RetentionDesk => ({
    ...desk,
    records: {
      ...desk.records,
      foreignKeys: async () => {
        await met()
        return desk.records.foreignKeys()
      },
    },
  })
  const erasure = { request: REQUEST, dataSubject: P1, by: person('URP-1') }
  const [mine, theirs] = await Promise.all([
    planErasure(meetingDesk(one.desk), erasure),
    planErasure(meetingDesk(other.desk), erasure),
  ])
  expect(theirs).toEqual(mine)
  expect(await one.desk.store.plans(9)).toHaveLength(1)
  expect([...one.acts, ...other.acts].map(({ kind }) => kind)).toEqual(['retention-planned'])
  const { rows } = await database.pool.query('SELECT DISTINCT plan FROM varco.retention_pages')
  expect(rows).toEqual([{ plan: mine.id }])
  const P2 = { kind: 'producer', id: 'P2' }
  expect((await planErasure(one.desk, { ...erasure, dataSubject: P2 })).id).not.toBe(mine.id)
  await runPlan(one.desk, { plan: (await approved(one.desk, mine)).id, by })
  expect((await planErasure(one.desk, erasure)).id).not.toBe(mine.id)
})

test('a plan with faults keeps nobody from making another', async () => {
  await addInvoices(database, 10)
  await database.pool.query('CREATE TABLE gse.scan (invoice bigint REFERENCES gse.invoice)')
  const { desk } = deskOf()
  const erasure = { request: REQUEST, dataSubject: P1, by: person('URP-1') }
  const faulty = await planErasure(desk, erasure)
  expect(faulty.faults).toHaveLength(1)
  await database.pool.query('DROP TABLE gse.scan')
  const plan = await planErasure(desk, erasure)
  expect([plan.id === faulty.id, plan.faults]).toEqual([false, []])
})

test('once it is carried out the plan no longer knows whose request it was', async () => {
  await addInvoices(database, 10)
  const { desk } = deskOf()
  const id = await asked(desk)
  expect((await desk.store.plan(id))?.request).toEqual({ id: REQUEST, dataSubject: P1 })
  await runPlan(desk, { plan: id, by })
  expect((await desk.store.plan(id))?.request).toEqual({ id: REQUEST, dataSubject: null })
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ok: true, ended: 'done' })
})

test('a process that ended between certifying and closing leaves nothing open', async () => {
  await addInvoices(database, 10)
  const { desk } = deskOf()
  const id = await asked(desk)
  const replacePlan: RetentionDesk['store']['replacePlan'] = async (plan) => {
    if (plan.state === 'done') throw new Error('the process ends')
    return desk.store.replacePlan(plan)
  }
  await expect(runPlan({ ...desk, store: { ...desk.store, replacePlan } }, { plan: id, by })).rejects.toThrow(
    'the process ends',
  )
  expect((await desk.store.plan(id))?.state).toBe('running')
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ok: true, ended: 'done' })
  expect(await desk.store.plan(id)).toMatchObject({ state: 'done', request: { dataSubject: null } })
  expect(await desk.notices.waiting(10)).toHaveLength(1)
})

test('what is held stays for its case, what is pointed at for what points at it', async () => {
  await addInvoices(database, 10)
  await database.pool.query('UPDATE gse.invoice SET previous = 10 WHERE id = 11')
  const { desk } = deskOf()
  await placeHold(desk, {
    scope: { kind: 'record', resource: 'invoice', record: '5' },
    ...{ case: 'RG 12/2026', reason: 'a dispute before the court', by: person('LEG-1'), reviewAt: null },
  })
  const id = await asked(desk)
  await runPlan(desk, { plan: id, by })
  const records = (await desk.store.outcome(id))?.records ?? []
  const why = (key: string) => records.find((record) => 'key' in record && record.key === key)
  expect(why('5')).toMatchObject({ outcome: 'withheld', why: 'hold', norm: null })
  expect(why('10')).toMatchObject({ outcome: 'withheld', why: 'referenced' })
  expect(await invoiceIds(database)).toHaveLength(20)
})

test('a record that turned out to be somebody else’s after the plan stays', async () => {
  await addInvoices(database, 10)
  const { desk } = deskOf()
  const id = await asked(desk)
  await database.pool.query("UPDATE gse.invoice SET producer_id = 'P2' WHERE id = 5")
  await runPlan(desk, { plan: id, by })
  expect(await invoiceIds(database)).toContain(5)
  expect(await invoiceIds(database)).not.toContain(10)
})

test('records about nobody go with the ones they point at, and nobody else’s', async () => {
  await addInvoices(database, 10)
  await addLines(database)
  // Notes on lines would keep them.
  await database.pool.query('DROP TABLE gse.line_note')
  const [line] = linesAndNotes()
  const { keep_at_least: _floors, ...unbound } = INVOICES
  const { desk } = worldOn(
    database,
    [unbound, { ...unbound, id: 'lines', resource: 'invoice_line', trigger: { field: 'since' } }],
    [line],
  )
  const plan = await approved(
    desk,
    await planErasure(desk, { request: REQUEST, dataSubject: P1, by: person('URP-1') }),
  )
  expect(plan.rules.map(({ resource, records }) => [resource, records])).toEqual([
    ['invoice_line', 4],
    ['invoice', 4],
  ])
  await runPlan(desk, { plan: plan.id, by })
  const left = await idsIn(database, 'invoice_line')
  expect(left).toEqual(await invoiceIds(database))
  expect(left).toHaveLength(16)
})

test('after a restore from a backup what went on request goes again, though no term was over', async () => {
  await addInvoices(database, 10)
  await database.pool.query('CREATE TABLE backup AS SELECT * FROM gse.invoice')
  const { desk } = deskOf([INVOICES])
  await runPlan(desk, { plan: await asked(desk), by })
  await database.pool.query('TRUNCATE gse.invoice; INSERT INTO gse.invoice SELECT * FROM backup')
  const replay = await planReplay(desk, { by })
  expect(replay.rules.map(({ rule, records }) => [rule, records])).toContainEqual(['brought-back:invoice', 2])
  // A key may be another record's by now: nobody plans and erases it alone.
  expect(replay).toMatchObject({ state: 'planned', approval: 'owner-and-dpo' })
  expect(await runPlan(desk, { plan: replay.id, by })).toMatchObject({ code: 'not-approved' })
  await approved(desk, replay)
  await runPlan(desk, { plan: replay.id, by })
  expect(await invoiceIds(database)).toHaveLength(18)
  expect(await invoiceIds(database)).not.toContain(10)
})

test('a request for restriction hides all that is theirs at once, tells each recipient, and is lifted once they know', async () => {
  const { desk, acts } = deskOf()
  const outcome = await restrictOnRequest(desk, {
    ...{ request: 'RQ-2026-000018', dataSubject: P1, by: person('DPO-1') },
    reason: 'Art. 18(1)(a): the accuracy is contested',
  })
  if (!outcome.ok) throw new Error(outcome.code)
  const { id } = outcome.restriction
  expect(await desk.restrictions.restrictions()).toMatchObject([{ id, request: 'RQ-2026-000018' }])
  const [first, second] = await desk.notices.waiting(10)
  expect([first?.contract, second?.contract]).toEqual(['aurora-2026', 'borea-2023'])
  const told = { id: first?.id ?? '', how: 'told', by: person('DPO-1') } as const
  expect(await settleNotice(desk, { ...told, note: '' })).toMatchObject({ code: 'reference-needed' })
  expect(await settleNotice(desk, { ...told, note: 'prot. 812/2026' })).toEqual({ ok: true })
  expect(await settleNotice(desk, { ...told, note: 'prot. 812/2026' })).toMatchObject({
    code: 'unknown-notice',
  })
  expect((await desk.notices.notice(told.id))?.dataSubject).toBeNull()
  expect(await liftRestriction(desk, id, person('LEG-2'))).toMatchObject({ code: 'not-informed' })
  expect(await liftRestriction(desk, id, person('LEG-2'), true)).toMatchObject({ ok: true })
  expect(acts.map(({ kind }) => kind)).toEqual([
    'restriction-placed',
    'recipient-notified',
    'restriction-lifted',
  ])
  expect(JSON.stringify(acts)).not.toMatch(/P1|812\/2026/)
})

test('what a crash kept out of the log is told by the next to look', async () => {
  const { desk } = deskOf()
  const broken: RetentionDesk = {
    ...desk,
    log: { append: () => Promise.reject(new Error('the process ends')) },
  }
  const scope = { kind: 'record', resource: 'invoice', record: '5' } as const
  const reason = 'a dispute before the court'
  const by = person('LEG-1')
  await expect(placeHold(broken, { scope, case: 'RG 1', reason, by, reviewAt: null })).rejects.toThrow(
    'the process ends',
  )
  await expect(restrictOnRequest(broken, { request: REQUEST, dataSubject: P1, reason, by })).rejects.toThrow(
    'the process ends',
  )
  await using second = openDatabase({ url: database.url })
  const { desk: next, acts } = worldOn(second)
  await recordPlaced(next)
  expect(acts.map(({ kind }) => kind)).toEqual(['hold-placed', 'restriction-placed'])
  await recordPlaced(next)
  expect(acts).toHaveLength(2)
})
