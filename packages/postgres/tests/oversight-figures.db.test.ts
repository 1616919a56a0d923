import { generateLogKeys, openAccessLog } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { takeTicketMessages, type TicketMessage, type TicketSender } from '@varco/engagement'
import { FIXTURE_NOW } from '@varco/engagement/testing'
import { ticketIntegrity } from '@varco/oversight'
import { fixtureBundle } from '@varco/policy/testing'
import { openLogStore, openTicketStore, postgresOversightFigures, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { createSecretKey } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'

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
  /** Noon of a day of UTC that is long over. */
  const NOON = 1_790_000_000_000_000n - (1_790_000_000_000_000n % DAY) + DAY / 2n
  const PURPOSES = ['invoice-enquiry']

  /** By brute force, event by event. */
  async function counted({ pool }: Database, from: bigint, to: bigint): Promise<unknown> {
    const { rows } = await pool.query<Record<'accesses' | 'without', number>>(
      `SELECT count(*)::int AS accesses, (count(*) FILTER (WHERE e.body ->> 'purpose' = 'invoice-enquiry'
         AND t.id IS NULL))::int AS without
         FROM varco.events e LEFT JOIN varco.tickets t ON t.id = e.body ->> 'ticket'
        WHERE e.at_us >= $1 AND e.at_us < $2 AND e.body ->> 'kind' = 'access' AND e.body ->> 'decision' = 'permit'
          AND e.body ->> 'contract' = 'aurora-2026'`,
      [from, to],
    )
    return rows[0]
  }

  async function withWork(): Promise<Database & AsyncDisposable> {
    const database = await scratchDatabase(inject('serverUrl'))
    await using store = openLogStore(database, { mindsClock: false })
    const clock = new ManualClock(NOON - 3n * DAY)
    const keys = generateLogKeys('gse.example/varco')
    await using log = await openAccessLog({ store, keys, clock, writer: asId('proxy-1') })
    await database.pool.query(
      `INSERT INTO varco.tickets (id, contract, purpose, status, opened_us)
       VALUES ('T-1', 'aurora-2026', 'invoice-enquiry', 'open', $1), ('T-2', 'aurora-2026', 'invoice-enquiry', 'open', $1)`,
      [clock.now()],
    )
    for (let step = 0; step < 30; step++) {
      await log.append(
        eventDraft({
          ...{ contract: step % 5 === 0 ? null : 'aurora-2026', processor: 'aurora' },
          // Nobody is shown anything with T-2: it is refused.
          ticket: step === 22 ? 'T-2' : ([null, 'T-1', 'T-unknown'][step % 3] ?? null),
          purpose: step % 7 === 0 ? 'data-protection' : 'invoice-enquiry',
          decision: step % 11 === 0 ? 'deny' : 'permit',
        }),
      )
      clock.advance(DAY / 7n)
    }
    return database
  }

  test('are what counting event by event gives, wherever the period begins and ends, again and again', async () => {
    await using database = await withWork()
    const figures = postgresOversightFigures(database, KEY)
    const spans = [-3n, -2n, 0n, 1n].flatMap((start) => [0n, 1n, 2n].map((end) => [start, end] as const))
    for (const [start, end] of spans) {
      for (const shift of [0n, DAY / 3n]) {
        const [from, to] = [NOON + start * DAY + shift, NOON + end * DAY - shift]
        if (from >= to) continue
        for (let turn = 0; turn < 2; turn++) {
          const ties = await figures.ties('aurora-2026', from, to, PURPOSES)
          expect({ accesses: ties.accesses, without: ties.accessesWithoutTicket }).toEqual(
            await counted(database, from, to),
          )
        }
      }
    }
  })

  test('a ticket of the period has no access while none of the period showed anything with it, whatever comes after', async () => {
    await using database = await withWork()
    const figures = postgresOversightFigures(database, KEY)
    const unused = async (to: bigint): Promise<number> => {
      const ties = await figures.ties('aurora-2026', NOON - 4n * DAY, to, PURPOSES)
      return ties.ticketsWithoutAccess
    }
    const first = NOON - 3n * DAY + DAY / 7n
    expect(await unused(first)).toBe(2)
    expect(await unused(first + DAY / 7n)).toBe(1)
    expect(await unused(NOON + 4n * DAY)).toBe(1)
  })

  test('are added up once by two who ask at one moment, and a ticket told of later counts', async () => {
    await using database = await withWork()
    const figures = postgresOversightFigures(database, KEY)
    const ask = () => figures.ties('aurora-2026', NOON - 4n * DAY, NOON + 4n * DAY, PURPOSES)
    const [one, other] = await Promise.all([ask(), ask()])
    expect(one).toEqual(other)
    await database.pool.query(
      `INSERT INTO varco.tickets (id, contract, purpose, status, opened_us)
       VALUES ('T-unknown', 'aurora-2026', 'invoice-enquiry', 'open', $1)`,
      [NOON],
    )
    expect((await ask()).accessesWithoutTicket).toBeLessThan(one.accessesWithoutTicket)
    expect((await ask()).accesses).toBe(one.accesses)
  })

  test('of what was pruned nothing is kept beside the log', async () => {
    await using database = await withWork()
    const figures = postgresOversightFigures(database, KEY)
    await figures.ties('aurora-2026', NOON - 4n * DAY, NOON, PURPOSES)
    await database.pool.query('DELETE FROM varco.events WHERE at_us < $1', [NOON - DAY])
    await figures.ties('aurora-2026', NOON - 4n * DAY, NOON + 2n * DAY, PURPOSES)
    const { rows } = await database.pool.query<{ day: string }>(
      'SELECT DISTINCT day::text FROM varco.ticket_uses ORDER BY 1',
    )
    const oldest = new Date(Number((NOON - DAY) / 1_000n)).toISOString().slice(0, 10)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every(({ day }) => day >= oldest)).toBe(true)
  })
})
