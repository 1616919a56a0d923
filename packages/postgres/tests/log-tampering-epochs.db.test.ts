import {
  generateLogKeys,
  heartbeat,
  nextLogKeys,
  openAccessLog,
  rotateKeys,
  verifyLog,
  type AccessLogWriter,
  type LogKeys,
  type LogVerdict,
} from '@varco/access-log'
import { eventDraft, memoryAnchor } from '@varco/access-log/testing'
import { asId, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { openLogStore, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { afterAttack, CHANGED, COLUMNS, copyAs, TABLES, type Table } from './log-tampering/attacked-tables.ts'

/* A superuser of the database against a log whose keys were changed and whose writers were taken over, before and after. */

const old = generateLogKeys('gse.example/varco')
const next = nextLogKeys(old)
const anchor = memoryAnchor()
const clock = new ManualClock(1_795_500_000_000_000n)
let database: Database
let store: PostgresLogStore
/** What was verified when all was well. */
let sound: LogVerdict

const open = (keys: LogKeys, writer: string): Promise<AccessLogWriter> =>
  openAccessLog({ store, keys, clock, writer: asId<WriterId>(writer), anchors: [anchor] })

const beat = (keys: LogKeys): Promise<void> =>
  heartbeat({ store, reading: store, keys, clock, anchors: [anchor], newRequestId: () => 'beat' })

/** A process, and another that takes its tree over. */
async function twoProcesses(keys: LogKeys): Promise<void> {
  for (const events of [2, 1]) {
    await using log = await open(keys, 'proxy-1')
    await Promise.all(Array.from({ length: events }, () => log.append(eventDraft())))
  }
}

const verified = (since: LogVerdict['trees'] = []): Promise<LogVerdict> =>
  verifyLog({ store, verifierKeys: [next.verifier, ...next.former], anchors: [anchor], since })

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database, { mindsClock: false })
  await twoProcesses(old)
  await (await open(old, 'proxy-2'))[Symbol.asyncDispose]()
  await beat(old)
  await rotateKeys({ store, reading: store, keys: old, next, clock, anchors: [anchor] })
  await copyAs(database, 'backup')
  await twoProcesses(next)
  await (await open(next, 'proxy-3'))[Symbol.asyncDispose]()
  await beat(next)
  await copyAs(database, 'kept')
  sound = await verified()
})

afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

/** What the whole verification finds, and the one that goes on from what was verified when all was well. */
async function foundAfter(...attack: readonly string[]): Promise<{ whole: string[]; since: string[] }> {
  return afterAttack(database, attack, async () => {
    const [whole, since] = [await verified(), await verified(sound.trees)].map(({ ok, findings }) => {
      expect(ok).toBe(findings.length === 0)
      return [...new Set(findings.map(({ kind, writer, epoch }) => `${kind} ${writer}.${epoch}`))].toSorted()
    })
    return { whole: whole ?? [], since: since ?? [] }
  })
}

const everywhere = (where: string): readonly string[] =>
  TABLES.map((table) => `DELETE FROM varco.${table} WHERE ${where}`)

test('untouched, the log of two epochs verifies', async () => {
  expect(sound).toMatchObject({ ok: true, findings: [] })
  expect(sound.trees.map(({ writer, epoch, size }) => `${writer}.${epoch} ${size}`)).toEqual([
    ...['proxy-1.1 6', 'proxy-1.2 6', 'proxy-2.1 2', 'proxy-2.2 1', 'proxy-3.1 1', 'top.1 4', 'top.2 5'],
  ])
})

/** Around the change of keys, and where a process took over: the last of an epoch, the first of the next. */
const ROWS_OF: Readonly<Record<Exclude<Table, 'tiles'>, string>> = {
  heads: `writer = 'proxy-1'`,
  events: `writer = 'proxy-1' AND (epoch, seq) IN ((1, 5), (2, 0))`,
  disclosures: `writer = 'proxy-1' AND (epoch, seq, pos) IN ((1, 1, 0), (2, 2, 0))`,
  checkpoints: `writer = 'proxy-1' AND (epoch, size) IN ((1, 6), (2, 1))`,
}
const DELETED: Readonly<Record<Exclude<Table, 'tiles'>, string>> = {
  heads: 'true',
  events: `(epoch, seq) IN ((1, 3), (1, 5), (2, 0), (2, 4))`,
  disclosures: ROWS_OF.disclosures,
  checkpoints: `(epoch, size) IN ((1, 6), (2, 1), (2, 5))`,
}
const KEY_OF: Readonly<Record<keyof typeof ROWS_OF, readonly string[]>> = {
  heads: ['writer', 'epoch'],
  events: ['writer', 'epoch', 'seq'],
  disclosures: ['writer', 'epoch', 'seq', 'pos'],
  checkpoints: ['writer', 'epoch', 'size'],
}
const FILLED = ['heads', 'events', 'disclosures', 'checkpoints'] as const
/** Where the next value is another row's, or the type has no other of its own. */
const OTHERWISE: Readonly<Record<string, string>> = {
  body: `replace(body::text, '"v":1', '"v":2')::json`,
  size: 'size + 100',
}

/** A condition for each of the rows. */
async function rowsOf(table: keyof typeof ROWS_OF, where: string): Promise<readonly string[]> {
  const key = KEY_OF[table]
  const { rows } = await database.pool.query<{ row: string }>(
    `SELECT concat_ws(' AND ', ${key.map((column) => `format('${column} = %L', ${column})`).join(', ')}) AS row
     FROM kept_${table} WHERE ${where} ORDER BY 1`,
  )
  expect(rows.length).toBeGreaterThan(0)
  return rows.map(({ row }) => row)
}

describe.each(FILLED)('in varco.%s', (table) => {
  test.each(Object.entries(COLUMNS[table]))('%s changed is seen, in either epoch', async (column, type) => {
    const value = OTHERWISE[column] ?? CHANGED[type]?.(column)
    for (const row of await rowsOf(table, ROWS_OF[table])) {
      const attack = `UPDATE varco.${table} SET ${column} = ${value} WHERE ${row}`
      const { ok } = await afterAttack(database, [attack], verified)
      expect([row, ok]).toEqual([row, false])
    }
  })

  test('a row deleted is seen', async () => {
    for (const row of await rowsOf(table, DELETED[table])) {
      const { ok } = await afterAttack(database, [`DELETE FROM varco.${table} WHERE ${row}`], verified)
      expect([row, ok]).toEqual([row, false])
    }
  })
})

describe('with every trace of it deleted is missed, in the whole and going on from what was verified:', () => {
  test('the epoch behind the change of keys, of every writer', async () => {
    const missed = ['bad-epoch proxy-1.1', 'bad-epoch proxy-2.1', 'bad-epoch top.1', 'unregistered proxy-3.1']
    const { whole, since } = await foundAfter(...everywhere('epoch > 1'))
    for (const found of [whole, since]) {
      expect(found).toEqual(expect.arrayContaining(missed))
      expect(found).toEqual(
        expect.arrayContaining(['proxy-1.2', 'proxy-2.2', 'top.2'].map((tree) => `tree-missing ${tree}`)),
      )
    }
  })

  test('the epoch before it', async () => {
    const { whole, since } = await foundAfter(...everywhere(`epoch = 1 AND writer <> 'proxy-3'`))
    for (const found of [whole, since]) {
      const missed = [
        'bad-epoch proxy-1.2',
        'bad-epoch proxy-2.2',
        'bad-epoch top.2',
        'tree-missing proxy-1.1',
      ]
      expect(found).toEqual(expect.arrayContaining(missed))
    }
  })

  test.each([...['proxy-1.1', 'proxy-1.2', 'proxy-2.1', 'proxy-2.2', 'proxy-3.1', 'top.1', 'top.2']])(
    'the tree %s',
    async (tree) => {
      const [writer, epoch] = tree.split('.')
      const { whole, since } = await foundAfter(...everywhere(`writer = '${writer}' AND epoch = ${epoch}`))
      // The first epoch of the top tree is missed by the second; what is known of its absence besides is what was verified.
      expect(whole).toContain(tree === 'top.1' ? 'bad-epoch top.2' : `tree-missing ${tree}`)
      expect(since).toContain(`tree-missing ${tree}`)
    },
  )

  test.each(['proxy-1', 'top'])('the writer %s', async (writer) => {
    const { whole, since } = await foundAfter(...everywhere(`writer = '${writer}'`))
    const trees = sound.trees.filter((tree) => tree.writer === writer)
    const missed = trees.map(({ epoch }) => `tree-missing ${writer}.${epoch}`)
    for (const found of [whole, since]) expect(found).toEqual(expect.arrayContaining(missed))
  })

  test('all of it', async () => {
    const { whole, since } = await foundAfter(...everywhere('true'))
    expect(whole).toEqual(['tree-missing top.1', 'tree-missing top.2'])
    expect(since).toEqual(sound.trees.map(({ writer, epoch }) => `tree-missing ${writer}.${epoch}`))
  })
})

describe('restored from a backup taken between the change of keys and the restart', () => {
  const restore = TABLES.flatMap((table) => [
    `TRUNCATE varco.${table}`,
    `INSERT INTO varco.${table} SELECT * FROM backup_${table}`,
  ])

  test('the log is behind its anchor', async () => {
    const { whole, since } = await foundAfter(...restore)
    expect(whole).toEqual(['behind-anchor proxy-1.2', 'behind-anchor top.2'])
    expect(since).toEqual([...['tree-missing proxy-3.1', 'truncated proxy-1.2', 'truncated top.2']])
  })

  test('no writer goes on in it, with either key', async () => {
    await afterAttack(database, restore, async () => {
      await expect(open(next, 'proxy-1')).rejects.toMatchObject({ code: 'log-rolled-back' })
      await expect(open(old, 'proxy-1')).rejects.toMatchObject({ code: 'config' })
    })
  })
})
