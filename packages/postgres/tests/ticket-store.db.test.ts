import { createHash } from 'node:crypto'
import { asId, type TicketId } from '@varco/core'
import {
  foldTicket,
  takeTicketMessages,
  type ExitCase,
  type TicketMessage,
  type TicketSender,
} from '@varco/engagement'
import {
  assignmentFact,
  contractFact,
  FIXTURE_NOW,
  operatorFact,
  ticketFact,
} from '@varco/engagement/testing'
import { fixtureBundle } from '@varco/policy/testing'
import {
  openContractLifeStore,
  openEngagementStore,
  openPeopleDirectory,
  openTicketStore,
  type Database,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'

const SENDER: TicketSender = { contract: asId('aurora-2026'), by: asId('AUR-CRM'), source: 'feed' }
const OPENED: TicketMessage = {
  id: 'T-100',
  at: FIXTURE_NOW - 1_000n,
  status: 'open',
  purpose: 'invoice-enquiry',
  dataSubject: 'P1',
  category: 'billing "A"',
  price: '4.50',
}
const CLOSED: TicketMessage = { ...OPENED, at: FIXTURE_NOW - 10n, status: 'closed' }
const bundle = fixtureBundle()

/** As the vault's secret would have it. */
const hide = (issuer: string, externalId: string): string =>
  createHash('sha256').update(`${issuer}\n${externalId}`).digest('base64url')

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})

beforeEach(async () => {
  await database.pool.query(
    'TRUNCATE varco.tickets, varco.ticket_changes, varco.assignments, varco.operators, varco.contract_states',
  )
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

function take(messages: readonly TicketMessage[], sender = SENDER) {
  const store = openTicketStore(database)
  return takeTicketMessages({ store }, { bundle, now: FIXTURE_NOW }, sender, messages)
}

const history = (id = 'T-100') => openTicketStore(database).ticketHistory(asId<TicketId>(id))
const ticket = (id = 'T-100') => openEngagementStore(database, hide).ticket(asId<TicketId>(id))

test('keeps every message, and the ticket they come to', async () => {
  expect(await take([CLOSED])).toEqual(['new'])
  expect(await take([OPENED])).toEqual(['changed'])
  expect(await take([OPENED, CLOSED])).toEqual(['unchanged', 'unchanged'])
  const changes = await history()
  expect(changes).toHaveLength(2)
  const { id, ...told } = OPENED
  expect(changes[0]).toMatchObject({ ...told, ticket: id, by: 'AUR-CRM', receivedAt: FIXTURE_NOW })
  expect(await ticket()).toEqual(foldTicket(changes))
  expect(await ticket()).toMatchObject({ status: 'closed', openedAt: OPENED.at, closedAt: CLOSED.at })
})

test('of two systems that open the same number at once, one has it', async () => {
  const other: TicketSender = { ...SENDER, contract: asId('borea-2023'), by: asId('BOR-CRM') }
  const both = await Promise.all([take([OPENED]), take([OPENED], other)])
  expect(both.flat().filter((verdict) => verdict === 'new')).toHaveLength(1)
  expect(both.flat()).toContain('ticket-taken')
  expect(await history()).toHaveLength(1)
})

test('takes thousands at once, all or none', async () => {
  const many = Array.from({ length: 5_000 }, (_, number): TicketMessage => ({ ...OPENED, id: `T-${number}` }))
  expect(new Set(await take([...many, { ...OPENED, id: 'T-x', purpose: 'curiosity' }]))).toEqual(
    new Set(['new', 'unknown-purpose']),
  )
  expect(await ticket('T-7')).toBeNull()
  expect(new Set(await take(many))).toEqual(new Set(['new']))
  expect(await ticket('T-4999')).toMatchObject({ status: 'open' })
})

test('a ticket that was put as it stands and handed over has its history, and stays the successor’s', async () => {
  const engagement = openEngagementStore(database, hide)
  await engagement.putMany({ contracts: [contractFact()], tickets: [ticketFact({ id: asId('T-100') })] })
  const life = openContractLifeStore(database)
  await life.takeMove(
    {
      ...{
        contract: asId('aurora-2026'),
        move: 'terminate',
        from: 'active',
        to: 'frozen',
        at: FIXTURE_NOW - 5n,
      },
      ...{ by: asId('GSE-1'), second: asId('GSE-2'), reason: 'it is over' },
    },
    contractFact({ state: 'frozen' }),
    { successor: asId('borea-2023'), exitCase: () => exit() },
  )
  expect((await history()).map(({ source }) => source)).toEqual(['import', 'transfer'])
  const late: TicketMessage = { id: 'T-100', at: FIXTURE_NOW, status: 'closed' }
  expect(await take([late])).toEqual(['ticket-taken'])
  expect(await take([late], { ...SENDER, contract: asId('borea-2023') })).toEqual(['changed'])
  expect(await ticket()).toMatchObject({ contract: 'borea-2023', status: 'closed' })
  expect((await history()).map(({ source }) => source)).toEqual(['import', 'transfer', 'feed'])
})

function exit(): ExitCase {
  return {
    contract: asId('aurora-2026'),
    processor: asId('aurora'),
    openedBy: asId('GSE-1'),
    cause: 'termination',
    ...{ openedAt: 0n, dueAt: 0n, successor: null, ticketsMoved: 0, grantsRevoked: 0, choice: null },
    ...{ parties: [], declarations: [], verified: null, closedAt: null, revision: 0 },
  }
}

test('knows everyone, with all their assignments', async () => {
  const ended = assignmentFact({ to: 5n, from: 1n, attributes: { regions: ['Lazio'] } })
  await openEngagementStore(database, hide).putMany({
    operators: [operatorFact()],
    assignments: [ended, assignmentFact()],
  })
  const { operators, assignments } = await openPeopleDirectory(database).everyone()
  const { issuer, externalId } = operatorFact()
  expect(operators).toEqual([operatorFact({ externalId: hide(issuer, externalId) })])
  expect(assignments).toEqual(expect.arrayContaining([ended, assignmentFact()]))
  const people = openPeopleDirectory(database)
  const own = await people.assignmentsOf(ended.operator)
  expect(own).toEqual([ended, assignmentFact()].sort((a, b) => Number(b.from - a.from)))
  expect(await people.assignmentsOf(asId('nobody'))).toEqual([])
})
