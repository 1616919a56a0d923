import { actDraft, generateLogKeys, openAccessLog, type AccessLogWriter } from '@varco/access-log'
import { asId } from '@varco/core'
import { openLogStore, postgresToldInLog, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { planRetention, runPlan, tellEvent, type RetentionDesk } from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import {
  addInvoices,
  approvedPlan,
  certificateOf,
  createRecords,
  invoiceIds,
  person,
  SETTLED,
  worldOn,
} from './retention/retention-world.ts'

/* Whoever rules the database wants records gone before their time. */

const by = person('SCH-1')
const LONG_AGO = '2012-03-01'
const LATELY = '2024-03-01'

let database: Database
let log: AccessLogWriter
let desk: RetentionDesk
const stack: AsyncDisposable[] = []
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, 4)
  const world = worldOn(database, [SETTLED])
  const store = openLogStore(database, { mindsClock: false })
  const keys = generateLogKeys('gse.example/varco')
  log = await openAccessLog({ store, keys, clock: world.clock, writer: asId('scheduler-1') })
  stack.push(database, store, log)
  desk = {
    ...world.desk,
    log: { append: ({ kind, ...particulars }) => log.append(actDraft(kind, particulars)) },
    toldInLog: postgresToldInLog(database),
  }
})
afterEach(async () => {
  for (const open of stack.splice(0).toReversed()) await open[Symbol.asyncDispose]()
})

async function tell(record: number, on: string | null): Promise<void> {
  const told = { resource: 'invoice', record: String(record), event: 'settled', on, by: person('URP-1') }
  expect(await tellEvent(desk, told)).toMatchObject({ ok: true })
}

const rule = (text: string): Promise<unknown> => database.pool.query(text)
const planned = async (): Promise<object | undefined> => (await planRetention(desk, { by })).rules[0]

test('a date that was changed, a row that was moved, added or taken away keeps its record, and the plan tells it', async () => {
  await tell(1, LONG_AGO)
  await tell(2, LATELY)
  await tell(3, LONG_AGO)
  await tell(3, LATELY)
  expect(await planned()).toMatchObject({ records: 1, withoutTrigger: 1 })
  expect(await planned()).not.toHaveProperty('unproven')
  const { id } = await approvedPlan(desk)

  await rule(`UPDATE varco.record_events SET on_day = '${LONG_AGO}' WHERE number = 2`)
  expect(await planned()).toMatchObject({ records: 1, unproven: 1 })
  await rule(`DELETE FROM varco.record_events WHERE number = 4`)
  expect(await planned()).toMatchObject({ records: 1, unproven: 2 })
  const hash = desk.hashKey('event of invoice', '4')
  await rule(
    `INSERT INTO varco.record_events (id, resource, hash, event, on_day, told_by, told_us, seal)
     SELECT 'forged', resource, decode('${hash}', 'hex'), event, on_day, told_by, told_us, seal FROM varco.record_events WHERE number = 1`,
  )
  expect(await planned()).toMatchObject({ records: 1, unproven: 3, withoutTrigger: 0 })
  await rule(`UPDATE varco.record_events SET told_by = 'URP-2' WHERE number = 1`)
  expect(await planned()).toMatchObject({ records: 0, unproven: 4 })
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules).toMatchObject([
    { planned: 1, done: 0, kept: { not_due: 1 } },
  ])
  expect((await invoiceIds(database)).slice(0, 4)).toEqual([1, 2, 3, 4])
})

test('what was taken back and is told no more by its row stays', async () => {
  await tell(1, LONG_AGO)
  await tell(1, null)
  await rule('DELETE FROM varco.record_events WHERE on_day IS NULL')
  expect(await planned()).toMatchObject({ records: 0, unproven: 1 })
})

test('where the log was pruned its seal bears a row out, and no other', async () => {
  for (const record of [1, 2, 3]) await tell(record, record === 1 ? LONG_AGO : LATELY)
  await rule(`DELETE FROM varco.events WHERE act LIKE 'retention-event-%'`)
  expect(await planned()).toMatchObject({ records: 1 })
  await rule(`UPDATE varco.record_events SET on_day = '${LONG_AGO}' WHERE number = 2`)
  await rule(`UPDATE varco.record_events SET on_day = '${LONG_AGO}', seal = NULL WHERE number = 3`)
  expect(await planned()).toMatchObject({ records: 1, unproven: 2 })
})

test('a row whose seal is not ours stays, also where an entry of the log was put beside it', async () => {
  await tell(1, LATELY)
  const hash = desk.hashKey('event of invoice', '2')
  const forge = (id: string, seal: string): Promise<unknown> =>
    rule(
      `INSERT INTO varco.record_events (id, resource, hash, event, on_day, told_by, told_us, seal)
       SELECT '${id}', resource, decode('${hash}', 'hex'), event, '${LONG_AGO}', told_by, told_us, ${seal} FROM varco.record_events WHERE number = 1;
       INSERT INTO varco.events SELECT (jsonb_populate_record(e, jsonb_build_object('seq', e.seq + 1000 + (SELECT max(number) FROM varco.record_events),
         'body', e.body::jsonb || jsonb_build_object('detail', jsonb_build_object('id', '${id}', 'event', 'settled', 'record', '${hash}', 'on', '${LONG_AGO}'))))).*
       FROM varco.events AS e WHERE act = 'retention-event-told' ORDER BY seq LIMIT 1`,
    )
  await forge('unsealed', 'NULL')
  const told = await desk.toldInLog('invoice', 'settled', [hash])
  expect(told.get(hash)).toMatchObject({ id: 'unsealed', on: LONG_AGO })
  expect(await planned()).toMatchObject({ records: 0, unproven: 1 })
  await forge('sealed by another row', 'seal')
  expect(await planned()).toMatchObject({ records: 0, unproven: 1 })
  await tell(2, LONG_AGO)
  expect(await planned()).toMatchObject({ records: 1 })
})

test('it is found by an index, however much the log holds besides', async () => {
  await tell(1, LONG_AGO)
  const client = await database.pool.connect()
  try {
    await client.query('SET enable_seqscan = off')
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT FROM varco.events WHERE act IN ('retention-event-told', 'retention-event-withdrawn')
         AND body -> 'detail' ->> 'record' = ANY(ARRAY['ab', 'cd'])`,
    )
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Cond: \(.*'record'::text.* = ANY/)
  } finally {
    client.release(true)
  }
})
