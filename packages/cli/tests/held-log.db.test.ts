import { randomUUID } from 'node:crypto'
import {
  eraseDataSubject,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  subjectLookup,
  type Erasure,
} from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, systemClock, type DataSubjectRef, type WriterId } from '@varco/core'
import { openLogStore, openRetentionStore, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import type { Hold, RetentionStore } from '@varco/retention'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { unlessDataSubjectHeld } from '../src/compose/held-months.ts'

/* A hold placed while the log is made to forget somebody. */

const keys = generateLogKeys('gse.example/varco')
let database: Database
let store: PostgresLogStore
let retention: RetentionStore

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database)
  retention = openRetentionStore(database)
})

afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

/** Two records shown, and the salt of the filters they were asked for by. */
const ROWS = 3

/** A data subject of whom the log shows two records. */
async function shown(id: string): Promise<DataSubjectRef> {
  const dataSubject = { kind: 'producer', id }
  await using log = await openAccessLog({
    ...{ store, keys, clock: systemClock, writer: asId<WriterId>(`w-${id.toLowerCase()}`) },
  })
  const disclosures = ['1', '2'].map((recordKey) => ({ resource: 'invoice', recordKey, dataSubject }))
  await log.append(eventDraft({ disclosures }))
  return dataSubject
}

const left = async (dataSubject: DataSubjectRef): Promise<number> =>
  (await store.erasable(subjectLookup(keys.lookup)(dataSubject), 10)).length

const placed = (dataSubject: DataSubjectRef): Promise<void> => {
  const hold: Hold = {
    ...{
      id: randomUUID(),
      scope: { kind: 'data-subject', dataSubject },
      case: 'RG 12/2026',
      reason: 'a dispute',
    },
    ...{ placedBy: asId('LEG-1'), placedAt: 1n, reviewAt: null, releasedBy: null, releasedAt: null },
  }
  return retention.addHold(hold)
}

const erase = (
  dataSubject: DataSubjectRef,
  before: () => Promise<void> = async () => {},
): Promise<Erasure | null> =>
  unlessDataSubjectHeld(openAccessLogReader({ store, keys }), retention, dataSubject, async (confirm) => {
    await before()
    return eraseDataSubject({
      ...{ store, reading: store, keys, clock: systemClock, writer: 'erasing', dataSubject, confirm },
      ...{ requestId: 'r-1', operator: 'ADM-1', approver: 'DPO-1', reason: 'GDPR Art. 17' },
    })
  })

test('nothing that a hold covers goes after the hold was placed, whoever comes first', async () => {
  for (let round = 0; round < 8; round++) {
    const dataSubject = await shown(`R${round}`)
    const holding = placed(dataSubject).then(() => left(dataSubject))
    const [kept, erasure] = await Promise.all([holding, erase(dataSubject)])
    expect(await left(dataSubject)).toBe(kept)
    expect(kept).toBe(erasure === null ? ROWS : 0)
  }
})

test('a hold asked for between the check and the erasure waits for it', { timeout: 20_000 }, async () => {
  const dataSubject = await shown('P-1')
  let isPlaced = false
  let holding: Promise<void> = Promise.resolve()
  const erasure = await erase(dataSubject, async () => {
    holding = (async () => {
      await placed(dataSubject)
      isPlaced = true
    })()
    await waitingForLock()
    expect(isPlaced).toBe(false)
  })
  expect(erasure?.rows).toBe(ROWS)
  await holding
  expect(await erase(dataSubject)).toBeNull()
})

test('when the connection that keeps holds away is lost, nothing is erased', async () => {
  const dataSubject = await shown('P-2')
  const cut = async (): Promise<void> => {
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    await placed(dataSubject)
  }
  await expect(erase(dataSubject, cut)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await left(dataSubject)).toBe(ROWS)
})

async function waitingForLock(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    if (rows.length > 0) return
  }
}
