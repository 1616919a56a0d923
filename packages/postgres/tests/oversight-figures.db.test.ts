import { asId } from '@varco/core'
import { takeTicketMessages, type TicketMessage, type TicketSender } from '@varco/engagement'
import { FIXTURE_NOW } from '@varco/engagement/testing'
import { ticketIntegrity } from '@varco/oversight'
import { fixtureBundle } from '@varco/policy/testing'
import { openTicketStore, postgresOversightFigures } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { createSecretKey } from 'node:crypto'
import { expect, inject, test } from 'vitest'

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
  const report = await ticketIntegrity({ figures, bundle }, { from, to })
  const row = report.rows.find(({ contract }) => contract === 'aurora-2026')
  expect(row).toMatchObject({ tickets: 3, reopenings: 1, closedBeforeResolution: 1, resolvedEpisodes: 2 })
  expect(row?.price).toMatchObject({ perTicket: 4.5, total: 9, perResolvedEpisode: 4.5 })
})
