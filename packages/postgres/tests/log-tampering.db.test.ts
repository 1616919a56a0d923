import {
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  verifyLog,
  type LogVerdict,
} from '@varco/access-log'
import { eventDraft, memoryAnchor } from '@varco/access-log/testing'
import { asId, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { openLogStore, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { afterAttack, CHANGED, COLUMNS, copyAs, TABLES, type Table } from './log-tampering/attacked-tables.ts'

/*
 * A superuser of the database against the log. Each test changes one thing, sees verification fail, puts it back
 * and sees it hold again.
 */

const keys = generateLogKeys('gse.example/varco')
const anchor = memoryAnchor()
let database: Database
let store: PostgresLogStore

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database, { mindsClock: false })
  const clock = new ManualClock(1_795_500_000_000_000n)
  for (const name of ['proxy-1', 'proxy-2']) {
    await using log = await openAccessLog({
      store,
      keys,
      clock,
      writer: asId<WriterId>(name),
      anchors: [anchor],
    })
    const producer = { kind: 'producer', id: 'P-1' }
    const disclosures = ['17', '18', '19'].map((recordKey) => ({
      resource: 'invoice',
      recordKey,
      dataSubject: producer,
    }))
    for (let batch = 0; batch < 4; batch++) {
      await Promise.all(Array.from({ length: 70 }, () => log.append(eventDraft({ disclosures }))))
      if (name === 'proxy-2' && batch === 1) await copyAs(database, 'backup')
    }
  }
  await copyAs(database, 'kept')
})

afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const verified = (): Promise<LogVerdict> =>
  verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor] })

async function kindsAfter(...attack: readonly string[]): Promise<string[]> {
  const { ok, findings } = await afterAttack(database, attack, verified)
  expect(ok).toBe(findings.length === 0)
  return [...new Set(findings.map(({ kind, writer, seq }) => `${kind} ${writer} ${seq}`))]
}

const IN_PROXY_1 = `writer = 'proxy-1' AND epoch = 1`
const NOTHING: string[] = []

test('untouched, the log verifies', async () => {
  expect(await verified()).toMatchObject({ ok: true, events: 564, findings: [] })
})

const ROW_OF: Readonly<Record<Table, readonly string[]>> = {
  heads: [IN_PROXY_1],
  events: ['seq = 0', 'seq = 1', 'seq = 100', 'seq = 280'].map((row) => `${IN_PROXY_1} AND ${row}`),
  disclosures: ['seq = 100 AND pos = 1', 'seq = 100 AND pos = 3', 'seq = 280 AND pos = 0'].map(
    (row) => `${IN_PROXY_1} AND ${row}`,
  ),
  checkpoints: ['size = 1', 'size = 71', 'size = 281'].map((row) => `${IN_PROXY_1} AND ${row}`),
  tiles: [IN_PROXY_1],
}

test('the columns that are attacked are all there are', async () => {
  const { rows } = await database.pool.query<{ name: string; table: string; type: string }>(
    `SELECT table_name AS table, column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'varco' AND table_name = ANY ($1)`,
    [TABLES],
  )
  const listed = Object.entries(COLUMNS).flatMap(([table, columns]) =>
    Object.entries(columns).map(([name, type]) => ({ table, name, type })),
  )
  expect(rows.map((row) => JSON.stringify(row, ['table', 'name', 'type'])).toSorted()).toEqual(
    listed.map((row) => JSON.stringify(row, ['table', 'name', 'type'])).toSorted(),
  )
})

describe.each(TABLES)('any one column of varco.%s changed is seen', (table) => {
  const attacks = Object.entries(COLUMNS[table]).flatMap(([column, type]) =>
    ROW_OF[table].map((row) => ({ column, type, row })),
  )
  test.each(attacks)('$column where $row', async ({ column, type, row }) => {
    const value = CHANGED[type]?.(column) ?? 'NULL'
    // The first event of a tree says neither invoice nor plant.
    const target =
      type === 'json' && row.endsWith('seq = 0')
        ? `replace(body::text, 'writer-started', 'access')::json`
        : value
    expect(await kindsAfter(`UPDATE varco.${table} SET ${column} = ${target} WHERE ${row}`)).not.toEqual(
      NOTHING,
    )
  })
})

/** What two rows exchange, all but their keys, and which two. */
const SWAPPED: Readonly<Record<Table, readonly [readonly string[], string]>> = {
  heads: [['size', 'at_us', 'frontier'], ofBothTrees()],
  events: [['body', 'operator', 'ticket', 'act', 'denied'], ofOneTree('seq', 100, 101)],
  disclosures: [
    ['subject', 'resource', 'record_key', 'salt'],
    `${ofOneTree('seq', 100, 101)} AND t.pos = 1 AND o.pos = 1`,
  ],
  checkpoints: [['at_us', 'note', 'leaves'], ofOneTree('size', 71, 141)],
  tiles: [['hash'], ofBothTrees()],
}

function ofBothTrees(): string {
  return `(t.writer, o.writer) IN (('proxy-1', 'proxy-2'), ('proxy-2', 'proxy-1'))`
}

function ofOneTree(column: string, one: number, other: number): string {
  return `t.writer = 'proxy-1' AND o.writer = 'proxy-1' AND (t.${column}, o.${column}) IN ((${one}, ${other}), (${other}, ${one}))`
}

/** What makes a copy of a row another one. */
const INSERTED: Readonly<Record<Table, Readonly<Record<string, string>>>> = {
  heads: { writer: `'proxy-9'` },
  events: { at_us: 'at_us + 5' },
  disclosures: { pos: '9' },
  checkpoints: { size: '60' },
  tiles: { idx: 'idx + 5' },
}

describe.each(TABLES)('rows of varco.%s', (table) => {
  test.each(ROW_OF[table])('deleted where %s', async (row) => {
    expect(await kindsAfter(`DELETE FROM varco.${table} WHERE ${row}`)).not.toEqual(NOTHING)
  })

  test('deleted every one', async () => {
    expect(await kindsAfter(`TRUNCATE varco.${table}`)).not.toEqual(NOTHING)
  })

  test('deleted behind a place in one tree', async () => {
    const last = { heads: 'true', tiles: 'true', checkpoints: 'size > 141' }[table as string] ?? 'seq > 141'
    expect(await kindsAfter(`DELETE FROM varco.${table} WHERE ${IN_PROXY_1} AND ${last}`)).not.toEqual(
      NOTHING,
    )
  })

  test('two swapped', async () => {
    const [columns, pair] = SWAPPED[table]
    const set = columns.map((column) => `${column} = o.${column}`).join(', ')
    const found = await kindsAfter(`UPDATE varco.${table} t SET ${set} FROM kept_${table} o WHERE ${pair}`)
    expect(found.length).toBeGreaterThan(1)
  })

  test('put in', async () => {
    const columns = Object.keys(COLUMNS[table])
    const values = columns.map((column) => INSERTED[table][column] ?? column).join(', ')
    const sql = `INSERT INTO varco.${table} (${columns.join(', ')}) SELECT ${values} FROM kept_${table} WHERE ${ROW_OF[table][0]}`
    expect(await kindsAfter(sql)).not.toEqual(NOTHING)
  })
})

test('a database restored from an older backup is behind its anchor', async () => {
  const found = await kindsAfter(
    ...TABLES.flatMap((table) => [
      `TRUNCATE varco.${table}`,
      `INSERT INTO varco.${table} SELECT * FROM backup_${table}`,
    ]),
  )
  expect(found).toEqual(['behind-anchor proxy-2 141'])
})

test('in threads, cut into small pieces, the verdict is the same', { timeout: 60_000 }, async () => {
  const inThreads = (): Promise<LogVerdict> =>
    verifyLog({
      ...{ store, verifierKeys: [keys.verifier], anchors: [anchor] },
      ...{ scanner: store.scanner(2), pieceEvents: 50 },
    })
  expect(await inThreads()).toEqual(await verified())
  const damage = [
    `UPDATE varco.events SET body = replace(body::text, '"invoice"', '"plant"')::json WHERE ${IN_PROXY_1} AND seq IN (0, 60, 141)`,
    `UPDATE varco.disclosures SET record_key = 'x' WHERE writer = 'proxy-2' AND seq = 200 AND pos = 0`,
    `DELETE FROM varco.disclosures WHERE ${IN_PROXY_1} AND seq = 280`,
    `DELETE FROM varco.checkpoints WHERE writer = 'proxy-2' AND size IN (71, 211)`,
  ]
  await afterAttack(database, damage, async () => {
    const { findings } = await inThreads()
    expect(findings.length).toBeGreaterThan(5)
    expect(findings).toEqual((await verified()).findings)
  })
})

describe('the verdict says which event and what is wrong', () => {
  test('a changed event', async () => {
    const sql = `UPDATE varco.events SET body = replace(body::text, '"invoice"', '"plant"')::json WHERE ${IN_PROXY_1} AND seq = 100`
    expect(await kindsAfter(sql)).toEqual(['changed proxy-1 100'])
  })

  test('bytes changed that mean the same JSON', async () => {
    const sql = `UPDATE varco.events SET body = (body::text || ' ')::json WHERE ${IN_PROXY_1} AND seq = 100`
    expect(await kindsAfter(sql)).toEqual(['changed proxy-1 100'])
  })

  test('an event that is no event any more', async () => {
    const sql = `UPDATE varco.events SET body = '[]' WHERE ${IN_PROXY_1} AND seq = 100`
    expect(await kindsAfter(sql)).toContain('changed proxy-1 100')
  })

  test('a deleted event', async () => {
    expect(await kindsAfter(`DELETE FROM varco.events WHERE ${IN_PROXY_1} AND seq = 100`)).toContain(
      'missing proxy-1 100',
    )
  })

  test('two events swapped', async () => {
    const found = await kindsAfter(
      `UPDATE varco.events e SET body = o.body FROM kept_events o WHERE e.writer = 'proxy-1' AND o.writer = 'proxy-1'
       AND (e.seq, o.seq) IN ((100, 101), (101, 100))`,
    )
    expect(found).toContain('reordered proxy-1 100')
    expect(found).toContain('reordered proxy-1 101')
  })

  test('an event from another tree', async () => {
    const found = await kindsAfter(
      `UPDATE varco.events e SET body = o.body FROM kept_events o WHERE e.writer = 'proxy-1' AND o.writer = 'proxy-2'
       AND e.seq = 100 AND o.seq = 100`,
    )
    expect(found).toContain('reordered proxy-1 100')
  })

  test('an event put in beside another', async () => {
    const sql = `INSERT INTO varco.events SELECT writer, epoch, seq, at_us + 5, body, operator, ticket, act, denied FROM kept_events WHERE ${IN_PROXY_1} AND seq = 100`
    expect(await kindsAfter(sql)).toContain('inserted proxy-1 100')
  })

  test('events put behind the end', async () => {
    const sql = `INSERT INTO varco.events SELECT writer, epoch, seq + 1, at_us + 1, body, operator, ticket, act, denied FROM kept_events WHERE ${IN_PROXY_1} AND seq = 280`
    expect(await kindsAfter(sql)).toEqual(['unsigned-tail proxy-1 281'])
  })

  test('the end cut off', async () => {
    expect(await kindsAfter(`DELETE FROM varco.events WHERE ${IN_PROXY_1} AND seq > 250`)).toContain(
      'truncated proxy-1 251',
    )
  })

  test('the end cut off with every trace of it: only the anchor knows', async () => {
    const found = await kindsAfter(
      `DELETE FROM varco.events WHERE ${IN_PROXY_1} AND seq >= 141`,
      `DELETE FROM varco.disclosures WHERE ${IN_PROXY_1} AND seq >= 141`,
      `DELETE FROM varco.checkpoints WHERE ${IN_PROXY_1} AND size > 141`,
      `DELETE FROM varco.tiles WHERE ${IN_PROXY_1}`,
      `UPDATE varco.heads SET size = 141, at_us = (SELECT at_us FROM varco.checkpoints WHERE ${IN_PROXY_1} AND size = 141) WHERE ${IN_PROXY_1}`,
    )
    expect(found).toContain('behind-anchor proxy-1 141')
  })

  test('a deleted side row', async () => {
    const sql = `DELETE FROM varco.disclosures WHERE ${IN_PROXY_1} AND seq = 100 AND pos = 1`
    expect(await kindsAfter(sql)).toEqual(['side-row-missing proxy-1 100'])
  })

  test('all side rows of an event deleted', async () => {
    const sql = `DELETE FROM varco.disclosures WHERE ${IN_PROXY_1} AND seq = 100`
    expect(await kindsAfter(sql)).toEqual(['side-row-missing proxy-1 100'])
  })

  test('a side row put in', async () => {
    const sql = `INSERT INTO varco.disclosures SELECT writer, epoch, seq, 4, at_us, subject, resource, record_key, salt
      FROM kept_disclosures WHERE ${IN_PROXY_1} AND seq = 100 AND pos = 1`
    expect(await kindsAfter(sql)).toEqual(['side-row-inserted proxy-1 100'])
  })

  test('side rows of two events swapped', async () => {
    const found = await kindsAfter(
      `UPDATE varco.disclosures d SET salt = o.salt, record_key = o.record_key FROM kept_disclosures o
       WHERE d.writer = 'proxy-1' AND o.writer = 'proxy-1' AND d.pos = 1 AND o.pos = 1 AND (d.seq, o.seq) IN ((100, 101), (101, 100))`,
    )
    expect(found).toEqual(['side-row-changed proxy-1 100', 'side-row-changed proxy-1 101'])
  })

  test.each([1, 71, 141, 211])('the checkpoint of size %i removed', async (size) => {
    const found = await kindsAfter(`DELETE FROM varco.checkpoints WHERE ${IN_PROXY_1} AND size = ${size}`)
    expect(found).toEqual([`checkpoint-missing proxy-1 ${size}`])
  })

  test('the last checkpoint removed', async () => {
    const found = await kindsAfter(`DELETE FROM varco.checkpoints WHERE ${IN_PROXY_1} AND size = 281`)
    expect(found).toEqual(['checkpoint-missing proxy-1 281'])
  })

  test('a checkpoint put in where no batch ended', async () => {
    const sql = `INSERT INTO varco.checkpoints SELECT writer, epoch, size - 1, at_us, note, leaves FROM kept_checkpoints
      WHERE ${IN_PROXY_1} AND size = 141`
    expect(await kindsAfter(sql)).toContain('checkpoint-inserted proxy-1 140')
  })

  test('a head removed', async () => {
    expect(await kindsAfter(`DELETE FROM varco.heads WHERE ${IN_PROXY_1}`)).toContain(
      'head-missing proxy-1 null',
    )
  })

  test('a frontier of the wrong length', async () => {
    expect(await kindsAfter(`UPDATE varco.heads SET frontier = '\\x00' WHERE ${IN_PROXY_1}`)).toEqual([
      'head-changed proxy-1 null',
    ])
  })

  test.each([
    ['note', `note || 'x'`],
    ['time', 'at_us + 1', 'at_us'],
    ['leaves', `leaves || leaves`],
  ])('the %s of a checkpoint changed', async (column, value, name = column) => {
    const found = await kindsAfter(
      `UPDATE varco.checkpoints SET ${name} = ${value} WHERE ${IN_PROXY_1} AND size = 141`,
    )
    expect(found).toEqual(['checkpoint-changed proxy-1 141'])
  })

  test('a kept subtree hash changed, or one put in', async () => {
    const changed = `UPDATE varco.tiles SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE ${IN_PROXY_1}`
    expect(await kindsAfter(changed)).toEqual(['tile-changed proxy-1 0'])
    const inserted = `INSERT INTO varco.tiles SELECT writer, epoch, level, idx + 5, hash FROM kept_tiles WHERE ${IN_PROXY_1}`
    expect(await kindsAfter(inserted)).toEqual(['tile-inserted proxy-1 1280'])
  })

  test('a kept subtree hash removed', async () => {
    expect(await kindsAfter(`DELETE FROM varco.tiles WHERE ${IN_PROXY_1}`)).toEqual([
      'tile-missing proxy-1 null',
    ])
  })
})

test('marks of our own put into a name make up no event, and hide none', async () => {
  const marks = [28, 29, 30, 31].map((mark) => `chr(${mark})`).join(` || 'x' || `)
  const attack = `UPDATE varco.disclosures SET record_key = record_key || ${marks}, resource = ${marks} || resource WHERE ${IN_PROXY_1} AND seq = 7 AND pos = 0`
  const reader = openAccessLogReader({ store, keys })
  const found = await afterAttack(database, [attack], () =>
    Array.fromAsync(reader.accessesOf({ kind: 'producer', id: 'P-1' })),
  )
  expect(found).toHaveLength(2 * 280)
  const attacked = found.find(({ event }) => event.id === 'proxy-1.1.7')
  expect(attacked?.disclosures.map(({ resource, recordKey }) => [resource, recordKey])).toEqual([
    ['\x1cx\x1dx\x1ex\x1finvoice', '17\x1cx\x1dx\x1ex\x1f'],
    ['invoice', '18'],
    ['invoice', '19'],
  ])
})

describe('what cannot be checked is a finding', () => {
  const kindsOf = async (options: Partial<Parameters<typeof verifyLog>[0]>): Promise<string[]> => {
    const verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor], ...options })
    expect(verdict.ok).toBe(false)
    return [...new Set(verdict.findings.map(({ kind }) => kind))]
  }

  test('no key, a damaged key, another key', async () => {
    expect(await kindsOf({ verifierKeys: [] })).toEqual(['no-key'])
    expect(await kindsOf({ verifierKeys: [keys.verifier, 'x'] })).toEqual(['no-key'])
    const stranger = generateLogKeys('gse.example/varco').verifier
    expect(await kindsOf({ verifierKeys: [stranger] })).toEqual(['bad-anchor', 'unanchored', 'bad-signature'])
  })

  test('no anchor, or one that has never seen a tree', async () => {
    expect(await kindsOf({ anchors: [] })).toEqual(['no-anchor'])
    expect(await kindsOf({ anchors: [memoryAnchor()] })).toEqual(['unanchored'])
  })
})

/* The last of this file: the tables stay without what kept their rows apart. */
describe('without the keys that keep rows apart', () => {
  beforeAll(async () => {
    for (const table of TABLES)
      await database.pool.query(`ALTER TABLE varco.${table} DROP CONSTRAINT ${table}_pkey`)
  })

  test('the log still verifies', async () => {
    expect(await kindsAfter()).toEqual(NOTHING)
  })

  test.each(TABLES.flatMap((table) => ROW_OF[table].map((row) => ({ table, row }))))(
    'a second one like that of varco.$table where $row is seen',
    async ({ table, row }) => {
      const sql = `INSERT INTO varco.${table} SELECT * FROM kept_${table} WHERE ${row}`
      expect(await kindsAfter(sql)).not.toEqual(NOTHING)
    },
  )
})
