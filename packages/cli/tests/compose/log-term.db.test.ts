import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  appendOnce,
  approvePrune,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  openPruneProposal,
  verifyLog,
  type AccessLog,
  type ProposalReading,
} from '@varco/access-log'
import { eventDraft, memoryAnchor } from '@varco/access-log/testing'
import {
  asId,
  envToConfig,
  isoToMicros,
  microsToIso,
  silentDiagnostics,
  UnavailableError,
  type Pseudonym,
  type WriterId,
} from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { openLogStore, openRetentionStore, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import type { RetentionStore } from '@varco/retention'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { logTerm, proposalReading } from '../../src/compose/log-term.ts'
import { startRetentionScheduler } from '../../src/compose/retention-scheduler.ts'
import { openServices } from '../../src/compose/services.ts'
import { openMigratedCommandLine } from '../command-line.ts'

/* A floor of two years, a ceiling of three, and a log that outlives it. */

const at = (time: string) => isoToMicros(time) ?? 0n
const keys = generateLogKeys('gse.example/varco')
const anchors = [memoryAnchor()]
const clock = new ManualClock(at('2023-11-10T09:00:00Z'))
const PRODUCER = { kind: 'producer', id: 'P-1' }
const SCHEDULER = asId<Pseudonym>('SCHEDULER')
const DAY = 86_400_000_000n

let database: Database
let store: PostgresLogStore
let retention: RetentionStore
let log: AccessLog
let look: () => Promise<void>
let lookStopped: () => Promise<void>
let proposals: ProposalReading
let policy = compileBundle(fixtureDocument())
const told: string[] = []

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database, { mindsClock: false })
  retention = openRetentionStore(database)
  const access = { store, keys, clock, anchors }
  log = { append: (draft) => appendOnce({ ...access, writer: 'scheduler' }, draft) }
  const tell = (message: string): void => void told.push(message)
  const services = {
    ...{ logStore: store, reader: openAccessLogReader({ store, keys }), clock, anchors },
    ...{ keys: { log: keys } as never, policy: { current: () => policy } as never },
    databases: { state: database } as never,
  }
  proposals = proposalReading(services)
  const diagnostics = { ...silentDiagnostics, info: tell, warn: tell, error: tell }
  const how = { log, by: SCHEDULER, diagnostics }
  look = logTerm(services, { ...how, stop: new AbortController().signal })
  lookStopped = logTerm(services, { ...how, stop: AbortSignal.abort() })
  await using gate = await openAccessLog({ ...access, writer: asId<WriterId>('proxy-1') })
  const disclosures = [{ resource: 'invoice', recordKey: '1', dataSubject: PRODUCER }]
  for (const time of ['2023-11-10', '2023-12-05', '2025-01-10']) {
    clock.advance(at(`${time}T10:00:00Z`) - clock.now())
    await gate.append(eventDraft({ disclosures }))
  }
})

afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const goTo = (time: string): void => clock.advance(at(time) - clock.now())
const count = async (kind: 'access' | 'log-prune-proposed' | 'log-pruned') =>
  (await store.search({ kind, limit: 100 })).length
const agree = async (by: string) => {
  const proposal = (await openPruneProposal(proposals))?.id ?? ''
  return approvePrune({ ...proposals, log, newRequestId: randomUUID }, { proposal, by })
}

test('nothing is proposed while the log holds nothing past its ceiling', async () => {
  goTo('2026-11-09T12:00:00Z')
  await look()
  expect(await count('log-prune-proposed')).toBe(0)
})

test('past the ceiling the whole month is proposed, once, and one approval changes nothing', async () => {
  goTo('2026-11-26T12:00:00Z')
  await look()
  await look()
  expect(await count('log-prune-proposed')).toBe(1)
  const open = await openPruneProposal(proposals)
  expect(open).toMatchObject({ proposedBy: SCHEDULER, rule: expect.stringMatching(/^log ceiling P3Y: /) })
  expect(microsToIso(open?.before ?? 0n)).toBe('2023-12-01T00:00:00.000000Z')
  await agree('ADM-1')
  await look()
  expect([await count('access'), await count('log-pruned')]).toEqual([3, 0])
})

test('agreed to by two, it waits for a hold, is tried again a day later, and leaves a log that verifies', async () => {
  const hold = {
    id: 'h-1',
    scope: { kind: 'data-subject', dataSubject: PRODUCER },
    case: 'RG 12/2026',
  } as const
  const placed = { ...{ placedBy: asId<Pseudonym>('LEG-1'), placedAt: 1n, reviewAt: null, reviewed: null } }
  const never = { releasedBy: null, releasedAt: null }
  await retention.addHold({ ...hold, ...placed, ...never, reason: 'a dispute' })
  await agree('DPO-1')
  await look()
  await database.pool.query('UPDATE varco.holds SET released_by = placed_by, released_us = placed_us')
  await look()
  expect(told.filter((message) => message.includes('could not'))).toHaveLength(1)
  expect(await count('access')).toBe(3)

  clock.advance(DAY)
  await look()
  await look()
  expect(told).toContain('the log was pruned')
  expect([await count('access'), await count('log-pruned')]).toEqual([2, 1])
  const [pruned] = (await openAccessLogReader({ store, keys }).search({ kind: 'log-pruned', limit: 1 }))
    .events
  expect(pruned).toMatchObject({ operator: SCHEDULER, detail: { approver: 'ADM-1, DPO-1' } })
  expect(await openPruneProposal(proposals)).toBeNull()
  const verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors })
  expect(verdict.findings).toEqual([])
})

test('a floor or a ceiling that was made longer keeps what was agreed to', async () => {
  goTo('2026-12-31T12:00:00Z')
  await look()
  await agree('ADM-1')
  await agree('DPO-1')
  const document = fixtureDocument()
  const kept = policy
  for (const longer of [{ floor: 'P5Y', ceiling: 'P5Y' }, { ceiling: 'P5Y' }]) {
    policy = compileBundle({
      ...document,
      varco: { ...document.varco, log: { ...document.varco.log, ...longer } },
    })
    await look()
    expect([await count('access'), await count('log-prune-proposed')]).toEqual([2, 2])
  }
  policy = kept
})

test('where the process is to stop, the prune is left to the next', async () => {
  await lookStopped()
  expect([await count('access'), await count('log-pruned')]).toEqual([2, 1])
})

test('broken off behind its record, a prune is finished when they are looked after next', async () => {
  vi.spyOn(store, 'drop').mockRejectedValueOnce(new UnavailableError('log'))
  await expect(look()).rejects.toThrow(UnavailableError)
  expect([await count('access'), await count('log-pruned')]).toEqual([2, 2])
  await look()
  expect([await count('access'), await count('log-pruned')]).toEqual([1, 2])
  await look()
  expect(told.filter((message) => message === 'a prune of the log was finished')).toHaveLength(1)
  const verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors })
  expect(verdict.findings).toEqual([])
})

test('whoever keeps the schedules keeps the log’s term as well', { timeout: 60_000 }, async () => {
  await using terminal = await openMigratedCommandLine()
  await using services = await openServices({
    ...{ config: envToConfig(terminal.env), diagnostics: silentDiagnostics },
  })
  await using ours = openLogStore(terminal.database, { mindsClock: false })
  {
    await using gate = await openAccessLog({
      ...{ store: ours, keys: services.keys.log, anchors: services.anchors },
      ...{ clock: new ManualClock(at('2020-01-10T10:00:00Z')), writer: asId<WriterId>('long-ago') },
    })
    await gate.append(eventDraft())
  }
  await using scheduler = startRetentionScheduler(services, services.commandLog, silentDiagnostics)
  for (let tries = 0; tries < 500 && (await openPruneProposal(proposalReading(services))) === null; tries++)
    await sleep(50)
  expect(await openPruneProposal(proposalReading(services))).toMatchObject({
    proposedBy: 'SCHEDULER',
    approvals: [],
  })
  // Told as late, too.
  const { values } = scheduler.readings['varco_retention_overdue'] as { values: () => Record<string, number> }
  expect(values()).toMatchObject({ log: 1 })
})
