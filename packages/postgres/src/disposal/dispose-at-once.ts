import type { ArchivedRecord, DisposeTask, HoldsOn } from '@varco/retention'
import pg from 'pg'
import { deletion } from './deletion.ts'
import { dueCondition } from './due-condition.ts'
import { column, tableName } from './table-name.ts'
import { NOTHING_ASKED, toldOf, toLocked, type LockedRow } from './told-of-record.ts'

/** Who has a record locked is not waited for: it is passed over by who looks at it apart. */
const LOCK_MS = 50

/** Said before it, in its transaction: what is taken back, and for how long it waits. */
export const AT_ONCE = `SAVEPOINT at_once; SET LOCAL lock_timeout = ${LOCK_MS};`

/** Lock not available; a row that points at one came since the statement began: of a key that forbids, and of one that restricts. */
const IN_THE_WAY = new Set(['55P03', '23503', '23001'])

/**
 * Asks and takes away in one statement, at half the price of locking first. Only where no foreign key acts by itself: one that
 * forbids lets nobody's new child be lost. What holds ask is asked of the rows as they went; should one be held that was not a
 * moment ago, all of it is taken back.
 * @returns what went; of the others nothing is said. Where it is nothing the transaction is to go back to its savepoint.
 */
export async function disposeAtOnce(
  client: pg.PoolClient,
  task: DisposeTask,
): Promise<readonly ArchivedRecord[]> {
  const { rule, holds } = task
  const asked = holds?.mayHold === true ? holds : null
  const keys = asked === null ? task.keys : await unheld(client, task, asked)
  if (keys.length === 0) return []
  const due = dueCondition(rule, 2)
  try {
    if (asked === null && rule.action === 'erase') {
      const gone = await keysOfDeleted(client, deletion(task, { and: due.text }), [keys, ...due.values])
      if (gone.length > 0) return gone.map((key) => ({ key, record: '' }))
    } else {
      const told = toldOf(rule.resource, NOTHING_ASKED, 0).text
      const text = deletion(task, { and: due.text, ...(asked === null ? {} : { returning: told }) })
      const { rows } = await client.query<ArchivedRecord & LockedRow>(text, [keys, ...due.values])
      if (rows.length > 0 && (asked === null || !(await isAnyHeld(rows, asked)))) return rows
    }
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) || !IN_THE_WAY.has(cause.code ?? '')) throw cause
  }
  return []
}

/** As one text: of which nothing but the key is asked, a row for each would cost more than the deletion tells. */
async function keysOfDeleted(
  client: pg.PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ keys: string | null }>(
    `WITH gone AS (${text}) SELECT json_agg(key)::text AS keys FROM gone`,
    [...values],
  )
  return JSON.parse(rows[0]?.keys ?? '[]') as readonly string[]
}

/** Whose holds ask for more than a row says of itself, or that wait for something besides, are locked first. */
export function mayGoAtOnce({ rule, holds, clear }: DisposeTask): boolean {
  return (
    (rule.action === 'erase' || rule.action === 'archive') &&
    rule.events.length === 0 &&
    clear === undefined &&
    (holds === null || (holds.watched.length === 0 && holds.belonging.length === 0))
  )
}

/** As things stand: whatever a hold is about is not even tried. */
async function unheld(
  client: pg.PoolClient,
  { rule: { resource }, keys }: DisposeTask,
  holds: HoldsOn,
): Promise<readonly string[]> {
  const key = column(resource.key)
  const { rows } = await client.query<LockedRow>(
    `SELECT ${toldOf(resource, NOTHING_ASKED, 0).text} FROM ${tableName(resource)} AS r WHERE ${key} = ANY($1)`,
    [keys],
  )
  const records = rows.map((row) => toLocked(row, NOTHING_ASKED))
  const isHeld = await holds.among(records)
  return records.filter((record) => !isHeld(record)).map((record) => record.key)
}

async function isAnyHeld(rows: readonly LockedRow[], holds: HoldsOn): Promise<boolean> {
  const records = rows.map((row) => toLocked(row, NOTHING_ASKED))
  const isHeld = await holds.among(records)
  return records.some((record) => isHeld(record))
}
