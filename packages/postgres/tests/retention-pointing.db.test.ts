import { asId, type FieldName, type ResourceName } from '@varco/core'
import type { Bundle, Resource } from '@varco/policy'
import { postgresRecordSource, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  placeHold,
  pointsAtNobodyRestricted,
  runPlan,
  type Restriction,
  type RetentionDesk,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { addLines, idsIn, LINE_RULES, linesAndNotes } from './retention/invoice-lines.ts'
import { addInvoices, approvedPlan, createRecords, person, worldOn } from './retention/retention-world.ts'

/*
 * Records that name nobody and point at a record that does, or at one that points at such a record: a hold on a data subject
 * keeps them, and a restriction hides them. P1's invoices are 5, 10, 15 and 20.
 */

const P1 = { kind: 'producer', id: 'P1' }
const THEIRS = [5, 10, 15, 20]
const ALL = Array.from({ length: 20 }, (_, at) => at + 1)
const by = person('SCH-1')

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, 10)
  await addLines(database)
})
afterEach(() => database[Symbol.asyncDispose]())

function world(catalogue = linesAndNotes() as readonly ReturnType<typeof linesAndNotes>[number][]) {
  return worldOn(database, LINE_RULES, [...catalogue])
}

async function holdOnP1(desk: RetentionDesk): Promise<void> {
  const outcome = await placeHold(desk, {
    scope: { kind: 'data-subject', dataSubject: P1 },
    ...{ case: 'RG 12/2026', reason: 'a dispute before the court', by: person('LEG-1'), reviewAt: null },
  })
  expect(outcome.ok).toBe(true)
}

async function heldAfterRun(desk: RetentionDesk, plan: string): Promise<readonly number[]> {
  const outcome = await runPlan(desk, { plan, by })
  if (!outcome.ok || outcome.ended !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.certificate.certificate.rules.map(({ kept }) => kept.held)
}

test('a hold on a data subject, placed after approval, keeps the lines of their invoices and the notes on those', async () => {
  const { desk } = world()
  const { id } = await approvedPlan(desk)
  await holdOnP1(desk)
  expect(await heldAfterRun(desk, id)).toEqual([4, 4])
  expect(await idsIn(database, 'invoice_line')).toEqual(THEIRS)
  expect(await idsIn(database, 'line_note')).toEqual(THEIRS)
  expect((await approvedPlan(desk)).rules.map(({ records, held }) => [records, held])).toEqual([
    [4, 4],
    [4, 4],
  ])
})

test('what came to point at theirs since the plan is kept as well', async () => {
  const { desk } = world()
  const { id } = await approvedPlan(desk)
  await holdOnP1(desk)
  await database.pool.query('UPDATE gse.invoice_line SET invoice_id = 5 WHERE id = 7')
  await runPlan(desk, { plan: id, by })
  expect(await idsIn(database, 'invoice_line')).toEqual([5, 7, 10, 15, 20])
  expect(await idsIn(database, 'line_note')).toEqual([5, 7, 10, 15, 20])
})

test('a hold placed while the run is under way: from its return on none of them goes', async () => {
  await database.pool.query(`
    INSERT INTO gse.invoice_line (id, invoice_id) SELECT i, i % 20 + 1 FROM generate_series(21, 2000) AS i;
    INSERT INTO gse.line_note (id, line_id) SELECT i, i FROM generate_series(21, 2000) AS i`)
  const { desk } = world()
  const { id } = await approvedPlan(desk)
  const theirs = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ n: string }>(
      `SELECT count(*) AS n FROM gse.line_note n JOIN gse.invoice_line l ON l.id = n.line_id
       JOIN gse.invoice i ON i.id = l.invoice_id WHERE i.producer_id = 'P1'`,
    )
    return Number(rows[0]?.n)
  }
  const before = await theirs()
  const atReturn: number[] = []
  const pause = async (): Promise<void> => {
    if (atReturn.length > 0) return
    atReturn.push(-1)
    await holdOnP1(desk)
    atReturn.push(await theirs())
  }
  await runPlan({ ...desk, pause }, { plan: id, by, duty: 0.5 })
  expect(atReturn[1]).toBeLessThan(before)
  expect(atReturn[1]).toBeGreaterThan(0)
  expect(await theirs()).toBe(atReturn[1])
})

/** Lines with a payer, who is named by 5 and 6 alone. */
async function withPayers(nullable: boolean) {
  await database.pool.query(`
    ALTER TABLE gse.invoice_line ADD payer text;
    UPDATE gse.invoice_line SET payer = 'P2' WHERE id = 5;
    UPDATE gse.invoice_line SET payer = 'P1' WHERE id = 6`)
  const [line, note] = linesAndNotes()
  const payer = { ...line.fields['id'], type: 'text', nullable } as (typeof line)['fields'][string]
  const dataSubject = { data_subject: { kind: 'producer', field: 'payer' } }
  return world([{ ...line, ...dataSubject, fields: { ...line.fields, payer } }, note])
}

test.each([
  ['as the catalogue allows', true],
  ['though the catalogue does not know that it may', false],
])(
  'a record that names somebody is theirs alone; where it names nobody, %s, it is told by what it points at',
  async (_, nullable) => {
    const { desk } = await withPayers(nullable)
    const { id } = await approvedPlan(desk)
    await holdOnP1(desk)
    await runPlan(desk, { plan: id, by })
    expect(await idsIn(database, 'invoice_line')).toEqual([6, 10, 15, 20])
    expect(await idsIn(database, 'line_note')).toEqual([6, 10, 15, 20])
  },
)

test('where pointers lead round nobody can tell: whatever has one is kept', async () => {
  await database.pool.query('UPDATE gse.line_note SET answers = 1, line_id = NULL WHERE id IN (2, 3)')
  const { desk } = world()
  const { id } = await approvedPlan(desk)
  await holdOnP1(desk)
  await runPlan(desk, { plan: id, by })
  // 1 is answered by those.
  expect(await idsIn(database, 'line_note')).toEqual([1, 2, 3, ...THEIRS])
})

/** What is shown of a resource while these restrictions stand. */
async function shown(
  bundle: Bundle,
  name: string,
  restrictions: readonly Restriction[],
): Promise<readonly number[]> {
  const resource = bundle.resources.get(asId<ResourceName>(name)) as Resource
  const id = asId<FieldName>('id')
  const rows = await postgresRecordSource(database).fetch({
    ...{ resource, fields: [id], reach: { op: 'always' }, offset: 0, limit: 100 },
    filter: pointsAtNobodyRestricted(restrictions, resource, bundle),
    order: [{ field: id, direction: 'asc', nulls: 'last' }],
  })
  return rows.map((row) => Number(row['id']))
}

const ON_P1: Restriction = {
  ...{ id: 'r', scope: { kind: 'data-subject', dataSubject: P1 }, reason: 'it is contested' },
  ...{ request: null, placedBy: by, placedAt: 0n, liftedBy: null, liftedAt: null },
}

test('a restriction hides what names nobody and points at theirs, also where the catalogue has it always name somebody', async () => {
  const bundle = (await withPayers(false)).desk.bundle()
  const free = ALL.filter((one) => ![6, 10, 15, 20].includes(one))
  expect(await shown(bundle, 'invoice_line', [ON_P1])).toEqual(free)
  expect(await shown(bundle, 'line_note', [ON_P1])).toEqual(free)
})

test('a restriction on a data subject hides the lines of their invoices and the notes on those, and nothing else', async () => {
  await database.pool.query(`
    INSERT INTO gse.invoice_line (id, invoice_id) VALUES (21, NULL);
    INSERT INTO gse.line_note (id, line_id) VALUES (21, 21), (22, NULL)`)
  const bundle = world().desk.bundle()
  const free = ALL.filter((one) => !THEIRS.includes(one))
  expect(await shown(bundle, 'invoice_line', [ON_P1])).toEqual([...free, 21])
  expect(await shown(bundle, 'line_note', [ON_P1])).toEqual([...free, 21, 22])
  expect(await shown(bundle, 'line_note', [{ ...ON_P1, liftedBy: by, liftedAt: 1n }])).toHaveLength(22)
  const ofInvoices = { ...ON_P1.scope, resource: 'invoice' } as Restriction['scope']
  expect(await shown(bundle, 'line_note', [{ ...ON_P1, scope: ofInvoices }])).toHaveLength(22)
})
