import { UnavailableError } from '@varco/core'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  approvePlan,
  planErasure,
  planReplay,
  planRetention,
  runPlan,
  tellEvent,
  type EventTold,
  type RetentionDesk,
  type RunOutcome,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import {
  addInvoices,
  approved,
  approvedPlan,
  createRecords,
  invoiceIds,
  person,
  RULE,
  worldOn,
  SETTLED,
} from './retention/retention-world.ts'

/* Invoices go ten years after they were issued, or after their dispute was settled if that was later. */

const by = person('SCH-1')
const LONG_AGO = '2012-03-01'
const LATELY = '2024-03-01'
/** Texts that sort before a day of today, and are none, or none of a year of four figures. */
const NO_DAYS = [
  '+012345-01-01',
  '-012345-01-01',
  '2024-02-30',
  '20240301',
  '2024-03-01T00:00',
  ' 2024-03-01',
  '',
]

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, 10)
})
afterEach(() => database[Symbol.asyncDispose]())

const told = (record: number | string, on: string | null, teller = 'URP-1'): EventTold => ({
  ...{ resource: 'invoice', record: String(record), event: 'settled', on, by: person(teller) },
})

async function tell(
  desk: RetentionDesk,
  record: number | string,
  on: string | null,
  teller?: string,
): Promise<void> {
  expect(await tellEvent(desk, told(record, on, teller))).toMatchObject({ ok: true })
}

async function left(): Promise<readonly number[]> {
  return (await invoiceIds(database)).filter((id) => id <= 10)
}

function ruleOf(outcome: RunOutcome): object | undefined {
  if (!outcome.ok || outcome.ended !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.certificate.certificate.rules[0]
}

test('no event, no term; the term runs from the event where that is later; both must be over', async () => {
  const { desk } = worldOn(database, [SETTLED])
  await tell(desk, 1, LONG_AGO)
  await tell(desk, '02', LONG_AGO)
  await tell(desk, 3, LATELY)
  // Its term runs, whatever happened to it.
  await tell(desk, 11, LONG_AGO)
  const plan = await approvedPlan(desk)
  expect(plan.rules).toMatchObject([{ records: 2, withoutTrigger: 7 }])
  expect(ruleOf(await runPlan(desk, { plan: plan.id, by }))).toMatchObject({ planned: 2, done: 2 })
  expect(await left()).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
})

test('what is told again or taken back between plan and run counts as it was told last', async () => {
  const { desk } = worldOn(database, [SETTLED])
  for (const id of [1, 2, 3]) await tell(desk, id, LONG_AGO)
  const { id } = await approvedPlan(desk)
  await tell(desk, 2, LATELY)
  await tell(desk, 3, null)
  expect(ruleOf(await runPlan(desk, { plan: id, by }))).toMatchObject({
    ...{ planned: 3, done: 1 },
    kept: { not_due: 2, gone: 0 },
  })
  expect(await left()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
  await tell(desk, 3, LONG_AGO)
  expect((await planRetention(desk, { by })).rules).toMatchObject([{ records: 1, withoutTrigger: 7 }])
})

test('taken back while the run is under way: from its return on the record stays', async () => {
  await database.pool.query('DELETE FROM gse.invoice')
  await addInvoices(database, 300)
  const { desk } = worldOn(database, [SETTLED])
  for (const record of await invoiceIds(database)) if (record <= 300) await tell(desk, record, LONG_AGO)
  const { id } = await approvedPlan(desk)
  const taken: number[] = []
  const pause = async (): Promise<void> => {
    if (taken.length > 0) return
    const there = (await invoiceIds(database)).filter((one) => one <= 300).slice(0, 3)
    taken.push(...there)
    for (const one of there) await tell(desk, one, null)
  }
  const rule = ruleOf(await runPlan({ ...desk, pause }, { plan: id, by, duty: 0.5 }))
  expect(taken).toHaveLength(3)
  expect(rule).toMatchObject({ done: 297, kept: { not_due: 3 } })
  expect((await invoiceIds(database)).filter((one) => one <= 300)).toEqual(taken)
})

test('nobody tells of what no rule waits for, of no record, of a day to come or none, nor takes back what was not told', async () => {
  const { desk, acts } = worldOn(database, [SETTLED])
  const refusals: [Partial<EventTold>, string][] = [
    [{ event: 'closed' }, 'unknown-event'],
    [{ resource: 'producer' }, 'unknown-event'],
    [{ resource: 'nothing' }, 'unknown-event'],
    [{ record: 'seven' }, 'impossible-key'],
    [{ record: '77' }, 'unknown-record'],
    [{ on: '2026-11-26' }, 'event-to-come'],
    ...NO_DAYS.map((on): [Partial<EventTold>, string] => [{ on }, 'no-day']),
    [{ on: null }, 'event-untold'],
  ]
  for (const [wrong, code] of refusals)
    expect(await tellEvent(desk, { ...told(7, LONG_AGO), ...wrong })).toMatchObject({ ok: false, code })
  expect(acts).toEqual([])
  expect((await planRetention(desk, { by })).rules[0]?.records).toBe(0)
})

test('who told an event that a plan goes by approves no part of it; of what was told again, who told it last', async () => {
  const { desk } = worldOn(database, [SETTLED])
  await tell(desk, 1, LONG_AGO, 'OWN-1')
  await tell(desk, 1, LONG_AGO, 'URP-1')
  await tell(desk, 2, LONG_AGO, 'DPO-1')
  // Neither lets anything go.
  await tell(desk, 3, LATELY, 'OWN-1')
  await tell(desk, 4, LONG_AGO, 'OWN-1')
  await tell(desk, 4, null, 'URP-2')
  const { id } = await planRetention(desk, { by })
  const approve = async (name: string, as: 'owner' | 'dpo'): Promise<object> =>
    approvePlan(desk, { plan: id, by: person(name), as })
  expect(await approve('urp-1', 'owner')).toMatchObject({ ok: false, code: 'own-event' })
  expect(await approve('OWN-1', 'owner')).toMatchObject({ ok: true })
  expect(await approve('DPO-1', 'dpo')).toMatchObject({ ok: false, code: 'own-event' })
  expect(await approve('DPO-2', 'dpo')).toMatchObject({ ok: true })
  expect(ruleOf(await runPlan(desk, { plan: id, by }))).toMatchObject({ planned: 2, done: 2 })
})

test('what an approver tells after the plan was made lets nothing of it go', async () => {
  const { desk } = worldOn(database, [SETTLED])
  for (const id of [1, 2]) await tell(desk, id, LONG_AGO)
  const { id } = await approvedPlan(desk)
  await tell(desk, 1, null)
  await tell(desk, 1, LONG_AGO, 'dpo-1')
  expect(ruleOf(await runPlan(desk, { plan: id, by }))).toMatchObject({ done: 1, kept: { not_due: 1 } })
  expect(await left()).toContain(1)
})

test('what stands in the store and is no day lets nothing go', async () => {
  const { desk } = worldOn(database, [SETTLED])
  for (const id of [1, 2, 3]) await tell(desk, id, LONG_AGO)
  const { id } = await approvedPlan(desk)
  await database.pool.query("UPDATE varco.record_events SET on_day = '+012345-01-01' WHERE number <= 2")
  expect(ruleOf(await runPlan(desk, { plan: id, by }))).toMatchObject({ done: 1, kept: { not_due: 2 } })
})

test('it is in the log, or was not told; neither the log nor the store has the record’s key', async () => {
  const { desk, acts } = worldOn(database, [SETTLED])
  const away: RetentionDesk = {
    ...desk,
    log: { append: () => Promise.reject(new UnavailableError('access log')) },
  }
  await expect(tellEvent(away, told(7, LONG_AGO))).rejects.toThrow(UnavailableError)
  expect((await planRetention(desk, { by })).rules[0]?.records).toBe(0)
  await tell(desk, 7, LONG_AGO)
  await tell(desk, 7, null)
  expect(acts.filter(({ kind }) => kind !== 'retention-planned')).toMatchObject([
    { kind: 'retention-event-told', operator: 'URP-1', resource: 'invoice', detail: { on: LONG_AGO } },
    { kind: 'retention-event-withdrawn', operator: 'URP-1', detail: { event: 'settled' } },
  ])
  const { rows } = await database.pool.query('SELECT * FROM varco.record_events')
  expect(rows).toHaveLength(2)
  expect(JSON.stringify([acts.map(({ detail }) => Object.values(detail)), rows])).not.toContain('"7"')
})

test('the log’s entry says all that a row does: one that is changed, moved to another record or added shows', async () => {
  const { desk, acts } = worldOn(database, [SETTLED])
  await tell(desk, 7, LONG_AGO)
  await tell(desk, 8, LATELY, 'URP-2')
  await tell(desk, 7, null)
  const { rows } = await database.pool.query<{ detail: string }>(
    `SELECT told_by AS operator, resource,
       jsonb_strip_nulls(jsonb_build_object('id', id, 'event', event, 'record', encode(hash, 'hex'), 'on', on_day)) AS detail
     FROM varco.record_events ORDER BY number`,
  )
  expect(acts.map(({ operator, resource, detail }) => ({ operator, resource, detail }))).toEqual(
    rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as object })),
  )
})

test('what was told is listed latest first, page by page', async () => {
  const { desk, clock } = worldOn(database, [SETTLED])
  await tell(desk, 7, LONG_AGO)
  await tell(desk, 8, LATELY, 'URP-2')
  await tell(desk, 7, null)
  const first = await desk.store.toldEvents(2)
  expect(first.map(({ on, toldBy, toldAt }) => [on, toldBy, toldAt])).toEqual([
    [null, 'URP-1', clock.now()],
    [LATELY, 'URP-2', clock.now()],
  ])
  const second = await desk.store.toldEvents(2, first[1]?.id)
  expect(second).toMatchObject([
    { on: LONG_AGO, hash: first[0]?.hash, event: 'settled', resource: 'invoice' },
  ])
  expect(await desk.store.toldEvents(2, second[0]?.id)).toEqual([])
})

test('a request for erasure takes what is due along, and that is not what still waits for its event', async () => {
  const { desk } = worldOn(database, [SETTLED])
  await tell(desk, 5, LONG_AGO)
  const asked = { request: 'RQ-1', dataSubject: { kind: 'producer', id: 'P1' }, by: person('URP-1') }
  const plan = await approved(desk, await planErasure(desk, asked))
  await runPlan(desk, { plan: plan.id, by })
  expect(await left()).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10])
})

test('a floor that waits for an event does not end without it, whichever rule takes the record; its event is told as any', async () => {
  const event = { id: 'file-closed', title: { it: 'chiusura', en: 'closing' } }
  const floor = { trigger: { field: 'issued_on', event }, after: 'P5Y', because: RULE.because }
  const { desk } = worldOn(database, [{ ...RULE, keep_at_least: [floor] }])
  expect((await planRetention(desk, { by })).rules).toMatchObject([{ records: 0, withoutTrigger: 10 }])
  const closed = (record: number, on: string): EventTold => ({ ...told(record, on), event: event.id })
  expect(await tellEvent(desk, closed(1, LONG_AGO))).toMatchObject({ ok: true })
  expect(await tellEvent(desk, closed(2, LATELY))).toMatchObject({ ok: true })
  const { id, rules } = await approvedPlan(desk)
  expect(rules).toMatchObject([{ records: 1, withoutTrigger: 8 }])
  await runPlan(desk, { plan: id, by })
  expect(await left()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('what a backup brings back is known by its tombstone, and by the event that let it go', async () => {
  await database.pool.query('CREATE TABLE backup AS SELECT * FROM gse.invoice')
  const { desk } = worldOn(database, [SETTLED])
  await tell(desk, 1, LONG_AGO)
  const { id } = await approvedPlan(desk)
  await runPlan(desk, { plan: id, by })
  await database.pool.query('TRUNCATE gse.invoice; INSERT INTO gse.invoice SELECT * FROM backup')
  const replay = await planReplay(desk, { by })
  expect(replay.rules.map(({ records }) => records)).toEqual([1])
  await runPlan(desk, { plan: replay.id, by })
  expect(await left()).not.toContain(1)
})
