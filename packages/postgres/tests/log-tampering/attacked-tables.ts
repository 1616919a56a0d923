import type { Database } from '@varco/postgres'

/** The log's tables, as its attackers find them. */
export const TABLES = ['heads', 'events', 'disclosures', 'checkpoints', 'tiles'] as const
export type Table = (typeof TABLES)[number]

export const COLUMNS: Readonly<Record<Table, Readonly<Record<string, string>>>> = {
  heads: { writer: 'text', epoch: 'integer', size: 'bigint', at_us: 'bigint', frontier: 'bytea' },
  events: {
    writer: 'text',
    epoch: 'integer',
    seq: 'bigint',
    at_us: 'bigint',
    body: 'json',
    operator: 'text',
    ticket: 'text',
    act: 'text',
    denied: 'boolean',
  },
  disclosures: {
    writer: 'text',
    epoch: 'integer',
    seq: 'bigint',
    pos: 'integer',
    at_us: 'bigint',
    subject: 'uuid',
    resource: 'text',
    record_key: 'text',
    salt: 'bytea',
  },
  checkpoints: {
    writer: 'text',
    epoch: 'integer',
    size: 'bigint',
    at_us: 'bigint',
    note: 'text',
    leaves: 'bytea',
  },
  tiles: { writer: 'text', epoch: 'integer', level: 'integer', idx: 'bigint', hash: 'bytea' },
}

/** Another value of the column's type. */
export const CHANGED: Readonly<Record<string, (column: string) => string>> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  integer: (column) => `${column} + 10`,
  bigint: (column) => `${column} + 1`,
  boolean: (column) => `NOT ${column}`,
  uuid: () => `'00000000-0000-4000-8000-000000000000'`,
  bytea: (column) => `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`,
  json: (column) => `replace(${column}::text, '"invoice"', '"plant"')::json`,
}

/** Copies of all tables, under another name. */
export async function copyAs({ pool }: Database, prefix: string): Promise<void> {
  for (const table of TABLES)
    await pool.query(`CREATE TABLE ${prefix}_${table} AS SELECT * FROM varco.${table}`)
}

/** Attacks, looks, and puts back what was there: what was copied as `kept`. */
export async function afterAttack<T>(
  database: Database,
  attack: readonly string[],
  look: () => Promise<T>,
): Promise<T> {
  for (const sql of attack) await database.pool.query(sql)
  try {
    return await look()
  } finally {
    for (const table of TABLES) {
      const attacked = new RegExp(`(UPDATE|INTO|FROM|TRUNCATE) varco\\.${table}\\b`)
      if (attack.some((sql) => attacked.test(sql))) await putBack(database, table)
    }
  }
}

/** What differs alone: rows deleted and written again for each attack make every later look slower. */
async function putBack({ pool }: Database, table: Table): Promise<void> {
  await pool.query(`DELETE FROM varco.${table} t WHERE t::text NOT IN (SELECT k::text FROM kept_${table} k)`)
  await pool.query(
    `INSERT INTO varco.${table} SELECT k.* FROM kept_${table} k WHERE k::text NOT IN (SELECT t::text FROM varco.${table} t)`,
  )
  // Of two that are alike both were left.
  const { rows } = await pool.query(
    `SELECT FROM (SELECT count(*) FROM varco.${table}) t (n), (SELECT count(*) FROM kept_${table}) k (n) WHERE t.n <> k.n`,
  )
  if (rows.length === 0) return
  await pool.query(`TRUNCATE varco.${table}`)
  await pool.query(`INSERT INTO varco.${table} SELECT * FROM kept_${table}`)
}
