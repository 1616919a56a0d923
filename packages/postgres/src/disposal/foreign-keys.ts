import type { ForeignKey } from '@varco/retention'

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

/** Those that point at a table: its schema and its name, as SQL. */
export function foreignKeysOf(schema: string, table: string): string {
  return `${ALL_FOREIGN_KEYS} AND pn.nspname = ${schema} AND p.relname = ${table}`
}

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
