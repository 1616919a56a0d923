import { HoldPlacedError, type MindedHolds, type TreeCut, type TreeId } from '@varco/access-log'
import type { Micros } from '@varco/core'
import type { Pool } from 'pg'
import { inTransaction } from './in-transaction.ts'
import { int4Array, int8Array, textArray } from './log-binary-array.ts'
import { LOCK_HOLDS, OTHER_HOLDS } from './log-minded-holds.ts'
import { monthAfter, monthStart, PARTITIONED } from './log-partitions.ts'

/** Where a point in time cuts a tree. */
export async function cutOf(pool: Pool, { writer, epoch }: TreeId, before: Micros): Promise<TreeCut> {
  const { rows } = await pool.query<{ last: string | null; first: string | null }>(
    `SELECT
       (SELECT max(seq) FROM varco.events WHERE writer = $1 AND epoch = $2 AND at_us < $3) AS last,
       (SELECT min(seq) FROM varco.events WHERE writer = $1 AND epoch = $2 AND at_us >= $3) AS first`,
    [writer, epoch, before],
  )
  const [{ last, first } = { last: null, first: null }] = rows
  return {
    lastBefore: last === null ? null : Number(last),
    firstAfter: first === null ? null : Number(first),
  }
}

const PARTITIONS = `SELECT c.relname AS name FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = to_regclass($1)`

/** Writers go on meanwhile: a lock that is not had soon is not waited for, lest everyone wait behind it. */
const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '5s'`

/** Drops the partitions that end by `before`, and the checkpoints of what is gone, all at once. */
export async function dropMonths(
  pool: Pool,
  before: Micros,
  trees: readonly (TreeId & { readonly size: number })[],
  minded: MindedHolds,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(LOCK_TIMEOUT)
    await client.query(LOCK_HOLDS)
    const { rows: others } = await client.query(`SELECT WHERE ${OTHER_HOLDS}`, [textArray(minded)])
    if (others.length > 0) throw new HoldPlacedError()
    for (const table of PARTITIONED) {
      const { rows } = await client.query<{ name: string }>(PARTITIONS, [`varco.${table}`])
      for (const { name } of rows) {
        const match = /_(\d{4})_(\d{2})$/.exec(name)
        if (match === null) continue
        const end = monthStart(monthAfter({ year: Number(match[1]), month: Number(match[2]) }))
        if (end <= before) await client.query(`DROP TABLE varco.${name}`)
      }
    }
    await client.query(
      `DELETE FROM varco.checkpoints c USING unnest($1::text[], $2::int4[], $3::int8[]) AS t (writer, epoch, size)
       WHERE c.writer = t.writer AND c.epoch = t.epoch AND c.size < t.size`,
      [
        textArray(trees.map(({ writer }) => writer)),
        int4Array(trees.map(({ epoch }) => epoch)),
        int8Array(trees.map(({ size }) => size)),
      ],
    )
  })
}
