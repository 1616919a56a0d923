import { generateLogKeys, openAccessLog } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, isoToMicros } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { takeTicketMessages, type TicketMessage, type TicketSender } from '@varco/engagement'
import { FIXTURE_NOW } from '@varco/engagement/testing'
import { ticketIntegrity } from '@varco/oversight'
import { fixtureBundle } from '@varco/policy/testing'
import {
  countTicketUses,
  openLogStore,
  openTicketStore,
  postgresOversightFigures,
  type Database,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'

const bundle = fixtureBundle()
const KEY = createSecretKey(Buffer.alloc(32))
const sender: TicketSender = { contract: asId('aurora-2026'), by: asId('AUR-CRM'), source: 'feed' }

test('price and reopenings are those of the history, in whatever order it came', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const at = (id: string, minutesAgo: number, change: Partial<TicketMessage> = {}): TicketMessage => ({
    ...{ id, at: FIXTURE_NOW - BigInt(minutesAgo) * 60_000_000n, status: 'open', purpose: 'invoice-enquiry' },
    ...{ dataSubject: id, ...change },
  })
  const messages = [
    at('T-1', 10, { status: 'closed' }),
    at('T-1', 20, { price: '6.00' }),
    at('T-1', 40, { price: '4.50' }),
    at('T-1', 30, { status: 'closed', price: '4.50' }),
    // Told twice: closed once.
    at('T-1', 9, { status: 'closed', price: '6.00' }),
    at('T-2', 40, { price: '3.00' }),
    at('T-2', 5, { status: 'closed', price: '3.00' }),
    at('T-3', 15),
  ]
  const context = { bundle, now: FIXTURE_NOW }
  for (const message of messages)
    await takeTicketMessages({ store: openTicketStore(database) }, context, sender, [message])

  const figures = postgresOversightFigures(database, KEY)
  const [from, to] = [0n, FIXTURE_NOW]
  const told = await figures.tickets('aurora-2026', from, to)
  expect(told.map(({ id, reopened, price }) => [id, reopened, price])).toEqual([
    ['T-1', 1, 6],
    ['T-2', 0, 3],
    ['T-3', 0, null],
  ])
  const report = await ticketIntegrity({ figures, bundle }, { from, to, now: to })
  const row = report.rows.find(({ contract }) => contract === 'aurora-2026')
  expect(row).toMatchObject({ tickets: 3, reopenings: 1, closedBeforeResolution: 1, resolvedEpisodes: 2 })
  expect(row?.price).toMatchObject({ perTicket: 4.5, total: 9, perResolvedEpisode: 4.5 })
})

describe('accesses and their tickets', () => {
  const DAY = 86_400_000_000n
  const ZONE = 'Europe/Rome'
  const PURPOSES = ['invoice-enquiry']
  const iso = (text: string): bigint => isoToMicros(text) ?? 0n
  const BEGIN = iso('2026-03-20T12:00:00Z')
  /** Long over. */
  const LATER = iso('2026-07-10T10:00:00Z')
  const [FIRST, LAST] = ['2026-04', '2026-06']
  const SPANS: readonly [string, string][] = [
    [FIRST, LAST],
    ['2026-03', '2026-03'],
    ['2026-05', LAST],
    ['2025-01', '2025-12'],
  ]

  /** By brute force, event by event. */
  async function counted(zone: string, [from, to] = [FIRST, LAST]): Promise<unknown> {
    const { rows } = await database.pool.query<Record<string, unknown>>(
      `SELECT * FROM (
         SELECT to_char(to_timestamp(e.at_us / 1e6) AT TIME ZONE $1, 'YYYY-MM') AS month, count(*)::int AS accesses,
           (count(*) FILTER (WHERE e.body ->> 'purpose' = 'invoice-enquiry' AND t.id IS NULL))::int AS "accessesWithoutTicket"
           FROM varco.events e LEFT JOIN varco.tickets t ON t.id = e.body ->> 'ticket'
          WHERE e.body ->> 'kind' = 'access' AND e.body ->> 'decision' = 'permit'
            AND e.body ->> 'contract' = 'aurora-2026' GROUP BY 1) m
       WHERE month BETWEEN $2 AND $3 ORDER BY month`,
      [zone, from, to],
    )
    return rows
  }

  const stack = new AsyncDisposableStack()
  let database: Database

  /** An access every eleven hours or so of two months and a half, across a change of the clock. */
  beforeAll(async () => {
    database = stack.use(await scratchDatabase(inject('serverUrl')))
    await using store = openLogStore(database, { mindsClock: false })
    const clock = new ManualClock(BEGIN)
    const keys = generateLogKeys('gse.example/varco')
    await using log = await openAccessLog({ store, keys, clock, writer: asId('proxy-1') })
    await database.pool.query(
      `INSERT INTO varco.tickets (id, contract, purpose, status, opened_us)
       VALUES ('T-1', 'aurora-2026', 'invoice-enquiry', 'open', $1), ('T-2', 'aurora-2026', 'invoice-enquiry', 'open', $1)`,
      [BEGIN],
    )
    for (let step = 0; step < 165; step++) {
      await log.append(
        eventDraft({
          ...{ contract: step % 5 === 0 ? null : 'aurora-2026', processor: 'aurora' },
          // Nobody is shown anything with T-2: it is refused.
          ticket: step === 22 ? 'T-2' : ([null, 'T-1', 'T-unknown'][step % 3] ?? null),
          purpose: step % 7 === 0 ? 'data-protection' : 'invoice-enquiry',
          decision: step % 11 === 0 ? 'deny' : 'permit',
        }),
      )
      clock.advance(DAY / 2n - 23n * 60_000_000n)
    }
  })

  afterAll(() => stack.disposeAsync())

  /** Nothing is counted. */
  beforeEach(async () => {
    await database.pool.query('TRUNCATE varco.ticket_uses, varco.ticket_uses_unknown, varco.ticket_spans')
    await database.pool.query(`UPDATE varco.ticket_use_progress SET zone = '', counted_to = NULL`)
    await database.pool.query(`DELETE FROM varco.tickets WHERE id = 'T-unknown'`)
  })

  const count = (now = LATER, timeZone = ZONE): Promise<void> => countTicketUses(database, { now, timeZone })
  const tiesOf = ([from, to] = [FIRST, LAST]) =>
    postgresOversightFigures(database, KEY).ties('aurora-2026', from ?? '', to ?? '', PURPOSES)

  test('are what counting event by event gives, for whatever months, also after another time zone', async () => {
    expect(await tiesOf()).toBeNull()
    for (const zone of [ZONE, ZONE, 'America/New_York', 'Asia/Kolkata', ZONE]) {
      await count(LATER, zone)
      for (const span of SPANS) expect(await tiesOf(span)).toEqual(await counted(zone, span))
    }
    expect(await tiesOf()).toHaveLength(3)
  })

  test('a ticket of the period has no access while none of the period showed anything with it, whatever comes after', async () => {
    const figures = postgresOversightFigures(database, KEY)
    const unused = (to: bigint): Promise<number> => figures.unusedTickets('aurora-2026', BEGIN - DAY, to)
    await count()
    expect(await unused(BEGIN + DAY / 8n)).toBe(2)
    expect(await unused(BEGIN + DAY)).toBe(1)
    expect(await unused(LATER)).toBe(1)
    // One that was named before a period and after it: the log tells whether it was in it.
    const between = (from: bigint, to: bigint): Promise<number> =>
      figures.unusedTickets('aurora-2026', from, to)
    await database.pool.query(`UPDATE varco.tickets SET opened_us = $1 WHERE id = 'T-1'`, [BEGIN + 30n * DAY])
    const [from, to] = [BEGIN + 30n * DAY, BEGIN + 30n * DAY + 60_000_000n]
    expect(await between(from, to)).toBe(1)
    expect(await between(from, to + 10n * DAY)).toBe(0)
    await database.pool.query(`UPDATE varco.tickets SET opened_us = $1 WHERE id = 'T-1'`, [BEGIN])
  })

  test('days are counted once they have been over for an hour, each once, by however many at one moment', async () => {
    const midnight = iso('2026-05-01T00:00:00+02:00')
    await count(midnight + 3_599_999_999n)
    expect(await tiesOf([FIRST, FIRST])).toBeNull()
    await Promise.all(Array.from({ length: 4 }, () => count(midnight + 3_600_000_000n)))
    expect(await tiesOf([FIRST, FIRST])).toEqual(await counted(ZONE, [FIRST, FIRST]))
    expect(await tiesOf()).toBeNull()
    // A clock that went back takes nothing back.
    await count(midnight - 10n * DAY)
    expect(await tiesOf([FIRST, FIRST])).not.toBeNull()
    await Promise.all(Array.from({ length: 4 }, () => count()))
    expect(await tiesOf()).toEqual(await counted(ZONE))
  })

  test('a process that ends in between leaves what it counted, and the next goes on', async () => {
    let asked = 0
    await countTicketUses(database, { now: LATER, timeZone: ZONE, isStopped: () => ++asked > 3 })
    expect(await tiesOf()).toBeNull()
    const { rows } = await database.pool.query<{ to: string; last: string }>(
      'SELECT counted_to::text AS to, (SELECT max(day)::text FROM varco.ticket_uses) AS last FROM varco.ticket_use_progress',
    )
    expect(rows).toEqual([{ to: '2026-04-10', last: '2026-04-09' }])
    await count()
    expect(await tiesOf()).toEqual(await counted(ZONE))
  })

  test('a ticket told of later counts, once', async () => {
    await count()
    const before = await tiesOf()
    await database.pool.query(
      `INSERT INTO varco.tickets (id, contract, purpose, status, opened_us)
       VALUES ('T-unknown', 'aurora-2026', 'invoice-enquiry', 'open', $1)`,
      [LATER],
    )
    await Promise.all([count(), count()])
    expect(await tiesOf()).toEqual(await counted(ZONE))
    expect(await tiesOf()).not.toEqual(before)
  })

  test('of what was pruned nothing is kept beside the log', async () => {
    await count(iso('2026-06-01T10:00:00Z'))
    await database.pool.query('DELETE FROM varco.events WHERE at_us < $1', [iso('2026-05-15T08:00:00Z')])
    await count()
    const { rows } = await database.pool.query<{ oldest: string; unknown: string }>(
      `SELECT min(day)::text AS oldest, (SELECT min(day)::text FROM varco.ticket_uses_unknown) AS unknown FROM varco.ticket_uses`,
    )
    expect(rows[0]?.oldest).toBe('2026-05-15')
    expect(rows[0]?.unknown).toMatch(/^2026-05-1[5-9]$/)
  })
})
