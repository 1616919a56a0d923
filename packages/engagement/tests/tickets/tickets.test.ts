import { asId, type ContractId, type Micros, type TicketId } from '@varco/core'
import { foldTicket, takeTicketMessages, type TicketMessage, type TicketVerdict } from '@varco/engagement'
import { FIXTURE_NOW, memoryEngagement, memoryTickets, ticketFact } from '@varco/engagement/testing'
import { fixtureBundle } from '@varco/policy/testing'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const AURORA: ContractId = asId('aurora-2026')
const BOREA: ContractId = asId('borea-2023')
const MINUTE: Micros = 60_000_000n
const bundle = fixtureBundle()

const OPENED: TicketMessage = {
  id: 'T-100',
  at: FIXTURE_NOW - 30n * MINUTE,
  status: 'open',
  purpose: 'invoice-enquiry',
  dataSubject: 'P1',
  category: 'billing',
  price: '4.5',
}
const CLOSED: TicketMessage = { id: 'T-100', at: FIXTURE_NOW - 10n * MINUTE, status: 'closed' }

function feed() {
  const engagement = memoryEngagement()
  const store = memoryTickets(engagement)
  const take = (
    messages: readonly TicketMessage[],
    contract: ContractId | null = AURORA,
  ): Promise<readonly TicketVerdict[]> =>
    takeTicketMessages(
      { store },
      { bundle, now: FIXTURE_NOW },
      { contract, by: asId('AUR-CRM'), source: 'feed' },
      messages,
    )
  const ticket = (id = 'T-100') => engagement.ticket(asId(id))
  return { engagement, store, take, ticket }
}

test('a ticket is opened, closed and reopened, and each step is kept', async () => {
  const { store, take, ticket } = feed()
  expect(await take([OPENED])).toEqual(['new'])
  expect(await ticket()).toMatchObject({
    contract: AURORA,
    status: 'open',
    openedAt: OPENED.at,
    closedAt: null,
  })
  expect(await take([CLOSED])).toEqual(['changed'])
  expect(await ticket()).toMatchObject({ status: 'closed', closedAt: CLOSED.at })
  const reopened = { id: 'T-100', at: FIXTURE_NOW, status: 'open' } as const
  expect(await take([reopened])).toEqual(['changed'])
  expect(await ticket()).toMatchObject({ status: 'open', openedAt: OPENED.at, closedAt: null })
  const history = await store.ticketHistory(asId<TicketId>('T-100'))
  expect(history.map(({ status }) => status)).toEqual(['open', 'closed', 'open'])
  // What the first message said is true of the later ones too.
  expect(history.map(({ price, category }) => [price, category])).toEqual(
    Array.from(history, () => ['4.50', 'billing']),
  )
})

test('in whatever order and however often messages come, they come to the same ticket', async () => {
  const steps: readonly Partial<TicketMessage>[] = [
    OPENED,
    CLOSED,
    { ...OPENED, at: FIXTURE_NOW - 5n * MINUTE, status: 'open' },
    { ...OPENED, at: FIXTURE_NOW - 4n * MINUTE, status: 'closed' },
  ]
  const messages = steps.map((step): TicketMessage => ({ ...OPENED, ...step }))
  const inOrder = feed()
  await inOrder.take(messages)
  const expected = await inOrder.ticket()
  const shuffled = fc.array(fc.constantFrom(...messages), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      shuffled,
      fc.shuffledSubarray([...messages], { minLength: messages.length }),
      async (some, all) => {
        const { store, take, ticket } = feed()
        for (const message of [...some, ...all]) await take([message])
        expect(await ticket()).toEqual(expected)
        expect(await store.ticketHistory(asId<TicketId>('T-100'))).toHaveLength(messages.length)
      },
    ),
    { numRuns: Number(process.env['VARCO_ROUNDS'] ?? 50) },
  )
})

test('the same message twice changes nothing, nor does 4.50 for 4.5', async () => {
  const { take, store } = feed()
  await take([OPENED])
  expect(await take([{ ...OPENED, price: '4.50' }, OPENED])).toEqual(['unchanged', 'unchanged'])
  expect(await store.ticketHistory(asId<TicketId>('T-100'))).toHaveLength(1)
})

describe('is refused', () => {
  test.each<[string, TicketMessage, string]>([
    [
      'a change of the data subject: one ticket, one file',
      { ...CLOSED, dataSubject: 'P2' },
      'data-subject-fixed',
    ],
    ['a change of the purpose', { ...CLOSED, purpose: 'antimafia-status' }, 'purpose-fixed'],
    ['what is to come', { ...CLOSED, at: FIXTURE_NOW + 6n * MINUTE }, 'from-the-future'],
    ['a price that is none', { ...CLOSED, price: '4,500' }, 'bad-price'],
    ['a number that no ticket can have', { ...OPENED, id: "T'; --" }, 'bad-ticket-id'],
    ['a purpose nobody declared', { ...OPENED, id: 'T-9', purpose: 'curiosity' }, 'unknown-purpose'],
    ['a new ticket without a purpose', { ...CLOSED, id: 'T-9' }, 'purpose-missing'],
    ['a value that no text can hold', { ...CLOSED, category: 'a\0b' }, 'bad-value'],
  ])('%s', async (_, message, code) => {
    const { take, ticket, engagement } = feed()
    await take([OPENED])
    const before = await ticket()
    // Nothing of the batch is taken, whatever else is in it.
    expect(await take([{ ...OPENED, id: 'T-101' }, message])).toEqual(['new', code])
    expect(await ticket()).toEqual(before)
    expect(engagement.everyTicket()).toHaveLength(1)
  })

  test('a number that another contract has, before and after it was handed over', async () => {
    const { take, engagement } = feed()
    await engagement.putTicket(ticketFact({ id: asId('T-borea'), contract: BOREA }))
    expect(await take([{ ...CLOSED, id: 'T-borea' }])).toEqual(['ticket-taken'])
    expect(await take([{ ...CLOSED, id: 'T-borea' }], BOREA)).toEqual(['changed'])
    expect(await take([{ ...CLOSED, id: 'T-borea', at: FIXTURE_NOW }])).toEqual(['ticket-taken'])
  })
})

test('a ticket without a data subject may learn it once', async () => {
  const { take, ticket } = feed()
  await take([{ ...OPENED, dataSubject: null }])
  expect((await ticket())?.dataSubject).toBeNull()
  expect(await take([{ id: 'T-100', at: FIXTURE_NOW, dataSubject: 'P1' }])).toEqual(['changed'])
  expect((await ticket())?.dataSubject).toBe('P1')
})

test('a ticket that was put without a history has the one it implies', async () => {
  const { take, engagement, ticket, store } = feed()
  const put = ticketFact({ id: asId('T-100'), status: 'closed', closedAt: FIXTURE_NOW - 1n })
  await engagement.putTicket(put)
  expect(foldTicket(await store.ticketHistory(put.id))).toEqual(put)
  await take([{ id: 'T-100', at: FIXTURE_NOW, status: 'open' }])
  expect(await ticket()).toMatchObject({ status: 'open', openedAt: put.openedAt, purpose: put.purpose })
  expect(await store.ticketHistory(put.id)).toHaveLength(3)
})
