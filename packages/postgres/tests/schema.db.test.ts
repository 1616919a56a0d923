import { globSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { scratchDatabase } from '@varco/postgres/testing'
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { expect, inject, test } from 'vitest'

interface Column {
  readonly column_name: string
  readonly data_type: string
  readonly is_nullable: 'YES' | 'NO'
}

async function declaredTables(): Promise<readonly PgTable[]> {
  const files = globSync(path.join(import.meta.dirname, '../src/schema/*.ts'))
  const modules = await Promise.all(
    files.map(async (file) => (await import(pathToFileURL(file).href)) as Record<string, unknown>),
  )
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is PgTable => is(value, PgTable))
}

/** PostgreSQL's long names for the types drizzle writes short. */
function canonicalType(type: string): string {
  const names: Readonly<Record<string, string>> = {
    'timestamp with time zone': 'timestamp with time zone',
    'text[]': 'ARRAY',
    timestamptz: 'timestamp with time zone',
    int: 'integer',
    int4: 'integer',
    int8: 'bigint',
    bool: 'boolean',
  }
  if (type.endsWith('[]')) return 'ARRAY'
  return names[type] ?? type.replace(/\(\d+\)$/, '')
}

test('what drizzle declares is what the migrations made, table by table, column by column', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const tables = await declaredTables()
  expect(tables.length).toBeGreaterThan(5)
  for (const table of tables) {
    const config = getTableConfig(table)
    const { rows } = await database.pool.query<Column>(
      'SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2',
      [config.schema ?? 'public', config.name],
    )
    const actual = rows
      .map((row) => `${row.column_name} ${row.data_type}${row.is_nullable === 'YES' ? '' : ' not null'}`)
      .sort()
    const declared = config.columns
      .map(
        (column) =>
          `${column.name} ${canonicalType(column.getSQLType())}${column.notNull || column.primary ? ' not null' : ''}`,
      )
      .sort()
    expect(declared, `${config.schema}.${config.name}`).toEqual(actual)
  }
})

test('every table of Varco’s schema is declared', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'varco' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'migrations'`,
  )
  const declared = (await declaredTables()).map((table) => getTableConfig(table).name)
  expect(rows.map((row) => row.name).sort()).toEqual([...declared].sort())
})
