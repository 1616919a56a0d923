import { createHash } from 'node:crypto'
import { asId, UnavailableError } from '@varco/core'
import {
  contractLifeContract,
  copiesLedgerContract,
  engagementStoreContract,
  grantFact,
  fixtureEngagement,
  grantStoreContract,
  instructionStoreContract,
  ticketFact,
  workStoreContract,
} from '@varco/engagement/testing'
import {
  freePort,
  openContractLifeStore,
  openCopiesLedger,
  openDatabase,
  openEngagementStore,
  openGrantStore,
  openInstructionStore,
  openWorkStore,
  type Database,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

/** As the vault's secret would have it. */
const hide = (issuer: string, externalId: string): string =>
  createHash('sha256').update(`${issuer}\n${externalId}`).digest('base64url')

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

engagementStoreContract('PostgreSQL', async () => {
  await database.pool.query(
    'TRUNCATE varco.assignments, varco.operators, varco.tickets, varco.contract_states',
  )
  return openEngagementStore(database, hide)
})

grantStoreContract('PostgreSQL', async () => {
  await database.pool.query('TRUNCATE varco.grants')
  const engagement = openEngagementStore(database, hide)
  return { ...openGrantStore(database), watch: (listener) => engagement.watch(listener) }
})

contractLifeContract('PostgreSQL', async () => {
  await database.pool.query(
    'TRUNCATE varco.assignments, varco.operators, varco.tickets, varco.contract_states, varco.grants, varco.ticket_changes, varco.exit_cases, varco.contract_moves, varco.contract_proposals',
  )
  const life = openContractLifeStore(database)
  return { engagement: openEngagementStore(database, hide), grants: openGrantStore(database), life }
})

instructionStoreContract('PostgreSQL', async () => {
  await database.pool.query('TRUNCATE varco.assignments, varco.operators, varco.instructions')
  return { engagement: openEngagementStore(database, hide), instructions: openInstructionStore(database) }
})

workStoreContract('PostgreSQL', async () => {
  await database.pool.query('TRUNCATE varco.work_months')
  return openWorkStore(database)
})

copiesLedgerContract('PostgreSQL', async () => {
  await database.pool.query('TRUNCATE varco.copies')
  return openCopiesLedger(database)
})

test('an approval of one’s own request cannot even be stored', async () => {
  await database.pool.query('TRUNCATE varco.grants')
  const own = grantFact({ state: 'approved', decidedBy: grantFact().pseudonym, expiresAt: 1n })
  await expect(openGrantStore(database).addGrant(own)).rejects.toThrow(UnavailableError)
})

test('says it is unavailable while the database is', async () => {
  await using gone = openDatabase({ url: `postgres://nobody:nothing@127.0.0.1:${await freePort()}/none` })
  const store = openEngagementStore(gone, hide)
  await expect(store.whoIs('https://login.aurora.example', 'anna', 1n)).rejects.toThrow(UnavailableError)
  await expect(store.ticket(asId('T-1'))).rejects.toThrow(UnavailableError)
  await expect(store.contractState(asId('aurora-2026'))).rejects.toThrow(UnavailableError)
  await expect(store.putTicket(ticketFact())).rejects.toThrow(UnavailableError)
})

test('a feed whose connection breaks mends itself and says that something may have been missed', async () => {
  const store = openEngagementStore(database, hide)
  const heard: unknown[] = []
  await using _watch = await store.watch((change) => heard.push(change))
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'varco engagement watch' AND datname = current_database()`,
  )
  await vi.waitFor(
    () => {
      expect(heard).toContainEqual({ kind: 'everything' })
    },
    { timeout: 5_000 },
  )
  await store.putTicket(ticketFact())
  await vi.waitFor(() => {
    expect(heard).toContainEqual({ kind: 'ticket', id: 'T-1' })
  })
})

test('whoever reads the tables learns nobody’s name at the identity provider', async () => {
  await database.pool.query('TRUNCATE varco.assignments, varco.operators')
  const store = openEngagementStore(database, hide)
  await store.putMany(fixtureEngagement())
  const { rows } = await database.pool.query('SELECT * FROM varco.operators')
  expect(rows.length).toBeGreaterThan(0)
  const { operators = [] } = fixtureEngagement()
  const written = rows.map((row: { external_id: string }) => row.external_id)
  for (const { externalId, issuer } of operators) {
    expect(written).not.toContain(externalId)
    expect(await store.whoIs(issuer, externalId, 0n)).not.toBeNull()
    expect(await store.whoIs(issuer, hide(issuer, externalId), 0n)).toBeNull()
  }
})
