import { storedRelation, type Bundle, type FieldType } from '@varco/policy'
import type { Database } from '@varco/postgres'
import type { MemoryRows } from '@varco/reports/testing'
import pg from 'pg'

const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
  uuid: 'uuid',
  'text[]': 'text[]',
  json: 'jsonb',
  int4range: 'int4range',
  int8range: 'int8range',
  numrange: 'numrange',
  daterange: 'daterange',
  tsrange: 'tsrange',
  tstzrange: 'tstzrange',
}

/** The body's own tables, with a column the catalogue does not know in each. */
export async function createRecords(database: Database, bundle: Bundle, rows: MemoryRows): Promise<void> {
  await database.pool.query('CREATE SCHEMA gse')
  for (const resource of bundle.resources.values()) {
    const { name, fields } = resource
    const relation = storedRelation(resource)
    const table = `${pg.escapeIdentifier(relation.schema)}.${pg.escapeIdentifier(relation.table)}`
    const columns = [...fields].map(([field, { type }]) => `${pg.escapeIdentifier(field)} ${SQL_TYPES[type]}`)
    await database.pool.query(
      `CREATE TABLE ${table} (undeclared text DEFAULT 'hidden', ${columns.join(', ')})`,
    )
    for (const row of rows[name] ?? []) {
      const given = Object.entries(row)
      const values = given.map(([field, value]) =>
        field === 'vehicles' && value !== null ? (JSON.parse(value) as string[]) : value,
      )
      const targets = given.map(([field]) => pg.escapeIdentifier(field)).join(', ')
      await database.pool.query(
        `INSERT INTO ${table} (${targets}) VALUES (${given.map((_, i) => `$${i + 1}`).join(', ')})`,
        values,
      )
    }
  }
}
