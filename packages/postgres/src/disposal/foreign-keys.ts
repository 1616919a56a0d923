import type { ForeignKey } from '@varco/retention'
import type pg from 'pg'

export interface ForeignKeyRow {
  readonly name: string
  readonly child: string
  readonly child_columns: string[]
  readonly parent: string
  readonly parent_columns: string[]
  readonly on_delete: string
  readonly deferred: boolean
}

/** Those of partitions stand for their partitioned table's, which is there too. */
const ALL_FOREIGN_KEYS = `
  SELECT k.conname::text AS name,
    cn.nspname || '.' || c.relname AS child, pn.nspname || '.' || p.relname AS parent, k.confdeltype::text AS on_delete, k.condeferred AS deferred,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, i)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.i) AS child_columns,
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(n, i)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.i) AS parent_columns
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
  JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE k.contype = 'f' AND k.conparentid = 0`

export const FOREIGN_KEYS = `${ALL_FOREIGN_KEYS} ORDER BY 2, 1`

/** How a table's rows are tied: asked at each slice, so that it is planned once. */
export interface Ties {
  /** Those that point at it. */
  readonly foreignKeys: readonly ForeignKeyRow[]
  /** The database lets no two of its rows have one key. */
  readonly isKeyUnique: boolean
}

export async function tiesOf(client: pg.PoolClient, table: string, key: string): Promise<Ties> {
  const { rows } = await client.query<{ is_unique: boolean } & (ForeignKeyRow | { readonly name: null })>({
    name: 'retention_ties',
    text: TIES,
    values: [table, key],
  })
  return {
    foreignKeys: rows.filter((row) => row.name !== null),
    isKeyUnique: rows[0]?.is_unique === true,
  }
}

const TIES = `
  SELECT u.is_unique, f.* FROM (
    SELECT EXISTS (
      SELECT FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
      WHERE i.indrelid = $1::text::regclass AND (t.relkind = 'p' OR NOT t.relhassubclass)
        AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indnkeyatts = 1
        AND i.indkey[0] = (SELECT a.attnum FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attname = $2)
    ) AS is_unique) AS u
  LEFT JOIN (${ALL_FOREIGN_KEYS} AND k.confrelid = $1::text::regclass) AS f ON TRUE`

/** It does nothing but refuse, in the statement that would leave a row pointing at nothing. */
export function onlyForbids({ on_delete: onDelete, deferred }: ForeignKeyRow): boolean {
  return (onDelete === 'a' || onDelete === 'r') && !deferred
}

const ON_DELETE: Readonly<Record<string, ForeignKey['onDelete']>> = {
  a: 'no-action',
  r: 'restrict',
  c: 'cascade',
  n: 'set-null',
  d: 'set-default',
}

export function toForeignKey({ name, child, parent, ...row }: ForeignKeyRow): ForeignKey {
  return {
    ...{ name, child, parent },
    childColumns: row.child_columns,
    parentColumns: row.parent_columns,
    onDelete: ON_DELETE[row.on_delete] ?? 'no-action',
  }
}
