import { scratchDatabase } from '@varco/postgres/testing'
import { placeHold, restrictRecords, runPlan, type HoldScope } from '@varco/retention'
import { expect, inject, test } from 'vitest'
import {
  addInvoices,
  approvedPlan,
  createRecords,
  invoiceIds,
  person,
  RULE,
  worldOn,
} from './retention/retention-world.ts'

const HELD = '4f0a1c52-9d3e-4b7a-8c61-0e2f5a9b7d14'
const OTHER = '11111111-9d3e-4b7a-8c61-0e2f5a9b7d14'
const reason = 'a dispute before the court'

test('a hold in another spelling of the key keeps the record; on a key that no record can have it is refused', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, 10)
  await database.pool.query(`
    CREATE TABLE gse.note (id uuid PRIMARY KEY, producer_id text NOT NULL, since date);
    INSERT INTO gse.note VALUES ('${HELD}', 'P1', '2010-01-01'), ('${OTHER}', 'P1', '2010-01-01')`)
  const invoice = worldOn(database)
    .desk.bundle()
    .document.catalogue.find(({ resource }) => resource === 'invoice')
  const { id: key, producer_id, issued_on: since } = invoice?.fields ?? {}
  if (invoice === undefined || key === undefined || producer_id === undefined || since === undefined)
    throw new Error('the fixture has invoices with these fields')
  const note: typeof invoice = {
    ...invoice,
    ...{ resource: 'note', source: { relation: 'gse.note' }, relations: {} },
    fields: { id: { ...key, type: 'uuid' }, producer_id, since },
  }
  const { desk } = worldOn(
    database,
    [RULE, { ...RULE, id: 'notes', resource: 'note', trigger: { field: 'since' } }],
    [note],
  )
  const hold = (scope: HoldScope) =>
    placeHold(desk, { scope, case: 'RG 12/2026', reason, by: person('LEG-1'), reviewAt: null })
  const record = (resource: string, spelt: string) => ({ kind: 'record', resource, record: spelt }) as const

  expect(await hold(record('note', HELD.toUpperCase()))).toMatchObject({ ok: true })
  expect(await hold(record('invoice', '007'))).toMatchObject({ ok: true })
  expect(await hold(record('note', '12'))).toMatchObject({ ok: false, code: 'impossible-key' })
  const restricted = await restrictRecords(desk, {
    ...{ scope: record('note', '12'), reason, by: person('DPO-1') },
  })
  expect(restricted).toMatchObject({ ok: false, code: 'impossible-key' })
  expect(await desk.restrictions.restrictions()).toEqual([])

  const { id: plan } = await approvedPlan(desk)
  expect(await runPlan(desk, { plan, by: person('SCH-1') })).toMatchObject({ ok: true, ended: 'done' })
  expect((await database.pool.query('SELECT id FROM gse.note')).rows).toEqual([{ id: HELD }])
  expect(await invoiceIds(database)).toEqual([7, ...Array.from({ length: 10 }, (_, i) => i + 11)])
})
