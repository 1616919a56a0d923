import { randomUUID } from 'node:crypto'
import {
  eraseDataSubject,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  pruneLog,
  subjectLookup,
  verifyLog,
  type Erasure,
  type LogPruning,
  type LogStore,
  type Prune,
} from '@varco/access-log'
import { eventDraft, memoryAnchor } from '@varco/access-log/testing'
import { asId, systemClock, type DataSubjectRef, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { openLogStore, openRetentionStore, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import type { Hold, HoldScope, RetentionStore } from '@varco/retention'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { unlessDataSubjectHeld, unlessMonthsHeld } from '../src/compose/held-months.ts'

/* A hold placed while the log is made to forget somebody. */

const keys = generateLogKeys('gse.example/varco')
let database: Database
let store: PostgresLogStore
let retention: RetentionStore

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database, { mindsClock: false })
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

const NOTHING = { subjects: [], records: [], resources: [] }

const left = async (dataSubject: DataSubjectRef): Promise<number> =>
  (await store.erasable(subjectLookup(keys.lookup)(dataSubject), 10, NOTHING)).length

const placed = (dataSubject: DataSubjectRef): Promise<void> => placedOn({ kind: 'data-subject', dataSubject })

const placedOn = (scope: HoldScope): Promise<void> => {
  const hold: Hold = {
    ...{
      id: randomUUID(),
      scope,
      case: 'RG 12/2026',
      reason: 'a dispute',
    },
    ...{
      placedBy: asId('LEG-1'),
      placedAt: 1n,
      reviewAt: null,
      reviewed: null,
      releasedBy: null,
      releasedAt: null,
    },
  }
  return retention.addHold(hold)
}

/** Erases; `before` comes at the last moment, when all is decided. */
const erase = (
  dataSubject: DataSubjectRef,
  before: () => Promise<void> = async () => {},
): Promise<Erasure | null> =>
  unlessDataSubjectHeld(
    openAccessLogReader({ store, keys }),
    retention,
    dataSubject,
    async (minded, held) => {
      const late: LogStore = {
        ...store,
        commit: async (batch) => {
          if (batch.erase.length > 0) await before()
          return store.commit(batch)
        },
      }
      return eraseDataSubject({
        ...{
          store: late,
          reading: store,
          keys,
          clock: systemClock,
          writer: 'erasing',
          dataSubject,
          minded,
          held,
        },
        ...{ requestId: 'r-1', operator: 'ADM-1', approver: 'DPO-1', reason: 'GDPR Art. 17' },
      })
    },
  )

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

/** Whoever places a hold need not wait any more. */
async function cutLock(): Promise<void> {
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
}

test('when the connection that keeps holds away is lost and one is placed, nothing is erased', async () => {
  const dataSubject = await shown('P-2')
  const cut = async (): Promise<void> => {
    await cutLock()
    await placed(dataSubject)
  }
  await expect(erase(dataSubject, cut)).rejects.toMatchObject({ code: 'hold-placed' })
  expect(await left(dataSubject)).toBe(ROWS)
})

test('when that connection is lost and no hold is placed, the rows go all the same', async () => {
  const dataSubject = await shown('P-3')
  expect((await erase(dataSubject, cutLock))?.rows).toBe(ROWS)
  expect(await left(dataSubject)).toBe(0)
})

test('what shows one person with another who is held stays, and the rest goes', async () => {
  const [asking, held] = [await shown('P-5'), await shown('P-6')]
  await using log = await openAccessLog({
    ...{ store, keys, clock: systemClock, writer: asId<WriterId>('w-both') },
  })
  const both = [asking, held].map((dataSubject, i) => ({
    ...{ resource: 'invoice', recordKey: `both ${i}`, dataSubject },
  }))
  await log.append(eventDraft({ disclosures: both }))
  await placed(held)
  expect(await erase(asking)).toMatchObject({ rows: ROWS, putOff: 1 })
  // Their rows, and the salts beside them.
  expect([await left(asking), await left(held)]).toEqual([2, ROWS + 2])
})

test('what shows one person with a record that is held stays as well', async () => {
  const asking = await shown('P-7')
  await using log = await openAccessLog({
    ...{ store, keys, clock: systemClock, writer: asId<WriterId>('w-record') },
  })
  const plant = { resource: 'plant', recordKey: 'held', dataSubject: null }
  await log.append(
    eventDraft({ disclosures: [{ resource: 'invoice', recordKey: '9', dataSubject: asking }, plant] }),
  )
  await placedOn({ kind: 'record', resource: 'plant', record: 'held' })
  expect(await erase(asking)).toMatchObject({ rows: ROWS, putOff: 1 })
  expect(await left(asking)).toBe(2)
})

describe('a prune whose lock is lost', () => {
  const PRODUCER = { kind: 'producer', id: 'P-4' }
  const DECEMBER = 1_796_083_200_000_000n
  const anchors = [memoryAnchor()]
  const clock = new ManualClock(DECEMBER - 1_000_000n)

  const prune = (pruning: LogPruning, log: LogStore = store): Promise<Prune> =>
    pruneLog({
      ...{ store: log, reading: store, pruning, keys, clock, anchors, before: DECEMBER },
      unlessHeld: unlessMonthsHeld(openAccessLogReader({ store, keys }), retention),
      ...{ rule: 'log floor P24M', approver: 'DPO-1', operator: 'ADM-1', verifierKeys: [keys.verifier] },
      newRequestId: randomUUID,
    })
  const records = async (): Promise<number> => (await store.search({ kind: 'log-pruned', limit: 5 })).length
  const kinds = async (): Promise<readonly string[]> => {
    const { findings } = await verifyLog({ store, verifierKeys: [keys.verifier], anchors })
    return [...new Set(findings.map(({ kind }) => kind))]
  }

  beforeAll(async () => {
    await database.pool.query(
      'TRUNCATE varco.heads, varco.events, varco.disclosures, varco.checkpoints, varco.tiles',
    )
    await database.pool.query('UPDATE varco.holds SET released_by = placed_by, released_us = placed_us')
    await using log = await openAccessLog({
      ...{ store, keys, clock, writer: asId<WriterId>('proxy-1'), anchors },
    })
    const disclosures = [{ resource: 'invoice', recordKey: '1', dataSubject: PRODUCER }]
    await log.append(eventDraft({ disclosures }))
    clock.advance(1_000_000n)
    await log.append(eventDraft())
  })

  test('leaves neither record nor gap when a hold is placed before the record', async () => {
    const late: LogStore = {
      ...store,
      commit: async (batch) => {
        if (batch.minded !== undefined) {
          await cutLock()
          await placed(PRODUCER)
        }
        return store.commit(batch)
      },
    }
    await expect(prune(store, late)).rejects.toMatchObject({ reason: 'held' })
    expect([await records(), await kinds()]).toEqual([0, []])
    await database.pool.query('UPDATE varco.holds SET released_by = placed_by, released_us = placed_us')
  })

  test('keeps the months when a hold is placed behind the record, until it is released', async () => {
    const late: LogPruning = {
      ...store,
      drop: async (...all) => {
        await cutLock()
        await placed(PRODUCER)
        return store.drop(...all)
      },
    }
    await expect(prune(late)).rejects.toMatchObject({ reason: 'held' })
    expect(await left(PRODUCER)).toBe(2)
    expect([await records(), await kinds()]).toEqual([1, ['pruned-row-present']])
    await expect(prune(store)).rejects.toMatchObject({ reason: 'held' })
    expect(await left(PRODUCER)).toBe(2)
    await database.pool.query('UPDATE varco.holds SET released_by = placed_by, released_us = placed_us')
    await prune(store)
    expect(await left(PRODUCER)).toBe(0)
    expect(await kinds()).toEqual([])
  })
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
