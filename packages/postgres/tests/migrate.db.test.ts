import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  generateLogKeys,
  hashesToBytes,
  heartbeat,
  openAccessLog,
  openAccessLogReader,
  verifyLog,
  type EventQuery,
} from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId, systemClock, type WriterId } from '@varco/core'
import {
  migrate,
  openLogStore,
  openRetentionStore,
  postgresOversightFigures,
  type Database,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import { describe, expect, inject, test } from 'vitest'
import { LogPartitions } from '../src/log-partitions.ts'

const MIGRATIONS = path.join(import.meta.dirname, '../migrations')

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly tag: string }[]
}

const JOURNAL = JSON.parse(await readFile(path.join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as Journal
/** The last version whose events had no columns but their bodies. */
const BEFORE_KEYS = JOURNAL.entries.findLastIndex(({ idx }) => idx < 24)

test('migrating twice changes nothing', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const before = await database.pool.query('SELECT count(*) FROM varco.migrations')
  await migrate(database)
  const after = await database.pool.query('SELECT count(*) FROM varco.migrations')
  expect(after.rows).toEqual(before.rows)
})

test('a migration that a newer one overtook is told, not passed over', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  await database.pool.query('DELETE FROM varco.migrations WHERE id = 3')
  await expect(migrate(database)).rejects.toMatchObject({ code: 'migration-missed' })
})

test('one migration after the other leads where all at once do', async () => {
  await using stepwise = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await using atOnce = await scratchDatabase(inject('serverUrl'))
  for (const last of JOURNAL.entries.keys()) await migrateUpTo(stepwise, last)
  expect(await shapeOf(stepwise)).toEqual(await shapeOf(atOnce))
})

test('tombstones written one by one are found after the upgrade', async () => {
  await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await migrateUpTo(
    database,
    JOURNAL.entries.findIndex(({ tag }) => tag === '0042_tombstones_by_hash'),
  )
  await database.pool.query(`
    INSERT INTO varco.tombstones (plan, rule, hash, resource, action, at_us) VALUES
      ('p1', 'r1', '\\x02', 'invoice', 'erase', 5), ('p1', 'r1', '\\x01', 'invoice', 'erase', 5),
      ('p1', 'r1', '\\x03', 'invoice', 'erase', 6), ('p1', 'r2', '\\x01', 'invoice', 'anonymise', 6)`)
  await migrate(database)
  const store = openRetentionStore(database)
  const told: string[] = []
  for await (const page of store.tombstones('p1', 'r1')) told.push(...page.hashes)
  expect(told).toEqual(['01', '02', '03'])
  await using masked = await store.buried('invoice', ['anonymise'])
  expect(await masked.among(['01', '02'])).toEqual(new Set(['01']))
})

describe.each([JOURNAL.entries[0]?.tag ?? '', JOURNAL.entries[BEFORE_KEYS]?.tag ?? ''])(
  'a log written when %s was the newest migration',
  (tag) => {
    test('verifies, is found by every key and goes on after the upgrade', async () => {
      await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
      await migrateUpTo(
        database,
        JOURNAL.entries.findIndex((entry) => entry.tag === tag),
      )
      const keys = generateLogKeys('gse.example/varco')
      const anchors = [memoryAnchor()]
      await writeAsThen(database, keys, anchors)

      await migrate(database)
      await using store = openLogStore(database)
      const verified = await verifyLog({ store, verifierKeys: [keys.verifier], anchors })
      expect(verified.findings).toEqual([])
      expect(verified.events).toBeGreaterThan(EVENTS)

      const reader = openAccessLogReader({ store, keys })
      const found = async (query: Omit<EventQuery, 'limit'>): Promise<readonly string[]> =>
        (await reader.search({ ...query, limit: 500 })).events.map(({ requestId }) => requestId).toSorted()
      expect(await found({ operator: 'op-2' })).toEqual(['r-2', 'r-7'])
      expect(await found({ ticket: 'T-3' })).toEqual(['r-3', 'r-8'])
      expect(await found({ decision: 'deny' })).toEqual(['r-4', 'r-9'])
      expect(await found({ kind: 'log-read' })).toEqual(['r-0', 'r-5'])
      expect(await found({ dataSubject: { kind: 'producer', id: 'P-1' } })).toEqual(['r-1', 'r-6'])
      expect(await found({ record: { resource: 'invoice', key: '3' } })).toEqual(['r-3'])

      await using log = await openAccessLog({
        ...{ store, keys, clock: systemClock, writer: asId<WriterId>('proxy-1'), anchors },
      })
      await log.append(eventDraft({ requestId: 'after', operator: 'op-2' }))
      expect(await found({ operator: 'op-2' })).toEqual(['after', 'r-2', 'r-7'])
      await heartbeat({ store, reading: store, keys, clock: systemClock, anchors, newRequestId: () => 'h' })
      expect((await verifyLog({ store, verifierKeys: [keys.verifier], anchors })).findings).toEqual([])
    })
  },
)

test('who was behind a count before is behind it after', async () => {
  await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await migrateUpTo(database, JOURNAL.entries.findIndex(({ idx }) => idx === 46) - 1)
  const hashes = Array.from({ length: 7 }, (_, i) => String(i).repeat(32))
  const work = 'aurora-2026|2026-05|purpose|invoice-enquiry|permit'
  await database.pool.query(
    `INSERT INTO varco.oversight_work VALUES ('aurora-2026', '2026-05', 'purpose', 'invoice-enquiry', 'permit', 9, 1, 2, '{}')`,
  )
  await database.pool.query(
    `INSERT INTO varco.oversight_workers SELECT worker, CASE WHEN n < 6 THEN $2 ELSE 'another' END
     FROM unnest($1::text[]) WITH ORDINALITY AS w (worker, n)`,
    [hashes, work],
  )
  await migrate(database)
  const figures = postgresOversightFigures(database, generateLogKeys('gse.example/varco').lookup)
  expect(await figures.work('aurora-2026', '2026-05', '2026-05')).toMatchObject([{ accesses: 9, workers: 5 }])
})

const EVENTS = 10

/** Brings a database to what it was when this migration was the newest. */
async function migrateUpTo(database: Database, last: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'varco-migrations-'))
  try {
    await cp(MIGRATIONS, folder, { recursive: true })
    const journal = { ...JOURNAL, entries: JOURNAL.entries.slice(0, last + 1) }
    await writeFile(path.join(folder, 'meta/_journal.json'), JSON.stringify(journal))
    await applyMigrations(database.orm, {
      ...{ migrationsFolder: folder, migrationsSchema: 'varco', migrationsTable: 'migrations' },
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Events of two months, every fifth one a denial, an act, and so on, in the columns that the first migration had. */
async function writeAsThen(
  { pool }: Database,
  keys: ReturnType<typeof generateLogKeys>,
  anchors: readonly ReturnType<typeof memoryAnchor>[],
): Promise<void> {
  const memory = memoryLogStore()
  {
    let now = START
    const clock = { now: () => (now += THREE_DAYS) }
    await using log = await openAccessLog({
      ...{ store: memory, keys, clock, writer: asId<WriterId>('proxy-1'), anchors },
    })
    for (let n = 0; n < EVENTS; n++) {
      const overrides = { requestId: `r-${n}`, operator: `op-${n % 5}`, ticket: `T-${n % 5}` }
      const disclosures = [
        { resource: 'invoice', recordKey: String(n), dataSubject: { kind: 'producer', id: `P-${n % 5}` } },
      ]
      if (n % 5 === 0)
        await log.append(eventDraft({ ...overrides, kind: 'log-read', decision: null, disclosures: [] }))
      else if (n % 5 === 4) await log.append(eventDraft({ ...overrides, decision: 'deny', disclosures: [] }))
      else await log.append(eventDraft({ ...overrides, disclosures }))
    }
    await heartbeat({ store: memory, reading: memory, keys, clock, anchors, newRequestId: () => 'h' })
  }
  const partitions = new LogPartitions(pool)
  await partitions.ensure(START, START + 20n * THREE_DAYS)
  for (const { writer, epoch, head, events, sideRows, checkpoints, tiles } of memory.trees) {
    const tree = [writer, epoch]
    const put = (table: string, rows: readonly (readonly unknown[])[]): Promise<unknown> =>
      Promise.all(
        rows.map((row) => {
          const values = [...tree, ...row]
          return pool.query(
            `INSERT INTO varco.${table} VALUES (${values.map((_, i) => `$${i + 1}`).join(', ')})`,
            values,
          )
        }),
      )
    await put('heads', [[head.size, head.at, hashesToBytes(head.nodes)]])
    await put(
      'events',
      events.map(({ seq, at, body }) => [seq, at, body]),
    )
    await put(
      'disclosures',
      sideRows.map((row) => [
        ...[row.seq, row.position, row.at],
        row.subject === null ? null : Buffer.from(row.subject, 'latin1').toString('hex'),
        ...[row.resource, row.recordKey, row.salt],
      ]),
    )
    await put(
      'checkpoints',
      checkpoints.map(({ size, at, note, leaves }) => [size, at, note, leaves]),
    )
    await put(
      'tiles',
      tiles.map(({ level, index, hash }) => [level, index, hashesToBytes([hash])]),
    )
  }
}

const START = 1_790_000_000_000_000n
const THREE_DAYS = 3n * 86_400_000_000n

/** Columns, indexes and constraints of Varco's schema, as PostgreSQL would write them. */
async function shapeOf({ pool }: Database): Promise<unknown> {
  const { rows: columns } = await pool.query(
    `SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name FROM information_schema.columns
     WHERE table_schema = 'varco' ORDER BY table_name, column_name`,
  )
  const { rows: indexes } = await pool.query(
    `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'varco' ORDER BY 1, 2`,
  )
  const { rows: constraints } = await pool.query(
    `SELECT conrelid::regclass::text AS table, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE connamespace = 'varco'::regnamespace ORDER BY 1, 2, 3`,
  )
  return { columns, indexes, constraints }
}
