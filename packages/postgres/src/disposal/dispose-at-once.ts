import type { ArchivedRecord, DisposeTask, HoldsOn } from '@varco/retention'
import pg from 'pg'
import { arrayText, textsIn } from '../array-text.ts'
import { archivedColumns, deletion } from './deletion.ts'
import { dueCondition } from './due-condition.ts'
import { column, tableName } from './table-name.ts'
import { NOTHING_ASKED, toldOf, toLocked, type LockedRow } from './told-of-record.ts'

/** Who has a record locked is not waited for: it is passed over by who looks at it apart. */
const LOCK_MS = 50

const IMPATIENT = `SET LOCAL lock_timeout = ${LOCK_MS}`

/** Said before it, in its transaction: what is taken back, and for how long it waits. */
export const AT_ONCE = `SAVEPOINT at_once; ${IMPATIENT};`

/**
 * Of which a slice did not go as one. To tell which keys went costs as much as to take them away: that is not asked before, and
 * asked at once after.
 */
const goInParts = new WeakSet<DisposeTask['rule']>()

/** Lock not available; a row that points at one came since the statement began: of a key that forbids, and of one that restricts. */
const IN_THE_WAY = new Set(['55P03', '23503', '23001'])

/**
 * Asks and takes away in one statement, at half the price of locking first. Only where no foreign key acts by itself: one that
 * forbids lets nobody's new child be lost. What holds ask is asked of the rows as they went; should one be held that was not a
 * moment ago, all of it is taken back.
 * @param isKeyUnique no two rows have one key
 * @returns what went, as an archive wants it; of the others nothing is said. Where it is nothing the transaction is to go back to
 * its savepoint.
 */
export async function disposeAtOnce(
  client: pg.PoolClient,
  task: DisposeTask,
  isKeyUnique: boolean,
): Promise<Went> {
  const { rule, holds } = task
  const asked = holds?.mayHold === true ? holds : null
  const keys = asked === null ? task.keys : await unheld(client, task, asked)
  if (keys.length === 0) return NOTHING_WENT
  const due = dueCondition(rule, 2)
  try {
    if (asked === null && task.archive === null) {
      if (isKeyUnique && !goInParts.has(rule)) {
        const { rowCount } = await client.query(deletion(task, [], due.text), [
          arrayText(keys),
          ...due.values,
        ])
        if (rowCount === keys.length) return { keys, records: [] }
        goInParts.add(rule)
        await client.query(`ROLLBACK TO SAVEPOINT at_once; ${IMPATIENT}`)
      }
      const gone = await keysOfDeleted(client, deletion(task, archivedColumns(rule), due.text), [
        arrayText(keys),
        ...due.values,
      ])
      if (gone.length > 0) return { keys: gone, records: [] }
    } else {
      const told = toldOf(rule.resource, NOTHING_ASKED, 0).text
      const text = deletion(task, [...archivedColumns(rule), ...(asked === null ? [] : [told])], due.text)
      const { rows } = await client.query<ArchivedRecord & LockedRow>(text, [arrayText(keys), ...due.values])
      if (rows.length > 0 && (asked === null || !(await isAnyHeld(rows, asked))))
        return { keys: rows.map((row) => row.key), records: task.archive === null ? [] : rows }
    }
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) || !IN_THE_WAY.has(cause.code ?? '')) throw cause
  }
  return NOTHING_WENT
}

interface Went {
  readonly keys: readonly string[]
  /** Where they are kept, what they held; else none. */
  readonly records: readonly ArchivedRecord[]
}

export const NOTHING_WENT: Went = { keys: [], records: [] }

/** As one text: of which nothing but the key is asked, a row for each would cost more than the deletion tells. */
async function keysOfDeleted(
  client: pg.PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ keys: string | null }>(
    `WITH gone AS (${text}) SELECT array_agg(key)::text AS keys FROM gone`,
    [...values],
  )
  return textsIn(rows[0]?.keys ?? '{}')
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
