import type { Resource } from '@varco/policy'
import { takesAway } from '@varco/retention'
import type {
  ArchivedRecord,
  Belonging,
  Disposed,
  DisposeTask,
  LockedRecord,
  ReadyTask,
} from '@varco/retention'
import type pg from 'pg'
import { arrayText } from '../array-text.ts'
import { belongs, dueCondition } from './due-condition.ts'
import { archivedColumns, deletion } from './deletion.ts'
import { AT_ONCE, disposeAtOnce, mayGoAtOnce, NOTHING_WENT } from './dispose-at-once.ts'
import { onlyForbids, tiesOf, type ForeignKeyRow } from './foreign-keys.ts'
import { anonymisation } from './masked-rows.ts'
import { unreferenced } from './points-at.ts'
import { column, tableName } from './table-name.ts'
import { NOTHING_ASKED, toldOf, toLocked, type LockedRow } from './told-of-record.ts'
import { clientWithin } from '../slice-transaction.ts'
import { without } from '../without.ts'

/** A deleting transaction that waits, or works, for longer than this gives way to the applications. */
const STATEMENT_MS = 30_000
const LOCK_MS = 2_000

/**
 * What nothing is in the way of goes in one statement. What did not go by it is locked and looked at apart, as all is where that
 * statement may not be tried. The table's own lock keeps foreign keys from being added; one added since the run began, that nobody
 * planned for, keeps every record. Within a transaction that somebody else began, they also end it.
 */
export async function dispose(pool: pg.Pool, task: DisposeTask): Promise<Disposed> {
  const { within = null } = task
  if (within !== null) return disposeOn(clientWithin(within, pool), task, IN_THEIRS)
  const client = await pool.connect()
  let broken = true
  try {
    const disposed = await disposeOn(client, task, IN_OWN)
    await client.query('COMMIT')
    broken = false
    return disposed
  } finally {
    // A connection in an unknown state is not given back to the pool; the server rolls it back.
    client.release(broken)
  }
}

async function disposeOn(client: pg.PoolClient, task: DisposeTask, opening: string): Promise<Disposed> {
  const { rule, keys, archive, confirm } = task
  const isTried = mayGoAtOnce(task)
  const { tied, isKeyUnique } = await begin(client, task, { opening, ending: isTried ? AT_ONCE : '' })
  const first = isTried && tied === 'not' ? await disposeAtOnce(client, task, isKeyUnique) : NOTHING_WENT
  const others = without(keys, first.keys)
  // The patience of the one statement ends with it: what is looked at apart now, what triggers do at the end, and the notes of
  // whoever's transaction it is are waited for as before.
  if (isTried) await client.query(first.keys.length > 0 ? PATIENT : 'ROLLBACK TO SAVEPOINT at_once')
  const { done: second, ...kept } = await disposeLocked(
    client,
    { ...task, keys: others },
    tied === 'unplanned' && takesAway(rule.action),
  )
  const done = second.length === 0 ? first.keys : [...first.keys, ...second.map((row) => row.key)]
  if (archive !== null && done.length > 0) await archive([...first.records, ...second])
  await confirm()
  return { ...kept, done }
}

/**
 * Locked rows cannot change, nor get a new child that a foreign key ties to them. That there is none is asked in the
 * deleting statement itself, whose snapshot is younger than the locks: so no cascade ever fires.
 * @param isTied nothing is taken away
 */
async function disposeLocked(
  client: pg.PoolClient,
  task: DisposeTask,
  isTied: boolean,
): Promise<Omit<Disposed, 'done'> & { readonly done: readonly ArchivedRecord[] }> {
  const { rule, keys, holds, clear } = task
  const { resource } = rule
  const key = column(resource.key)
  const due = dueCondition(rule, 2)
  const { begun, waiting } = keys.length === 0 ? NONE_LOCKED : await lockDue(client, task)
  const held = (await holds?.among(begun)) ?? (() => false)
  const kept = begun.filter(held).map((record) => record.key)
  const free = begun.filter((record) => !held(record)).map((record) => record.key)
  const cleared = clear === undefined ? free : free.filter((one) => clear.has(one))
  const done = cleared.length === 0 || isTied ? [] : await carryOut(client, task, cleared)
  const settled = new Set([...begun.map((record) => record.key), ...waiting])
  const others = keys.filter((one) => !settled.has(one))
  const { rows: rest } =
    others.length === 0
      ? { rows: [] }
      : await client.query<{ key: string; due: boolean }>(
          `SELECT ${key}::text AS key, coalesce(${due.text}, false) AS due FROM ${tableName(resource)} AS r WHERE ${key} = ANY($1)`,
          [others, ...due.values],
        )
  const went = new Set(done.map((row) => row.key))
  const there = new Map(rest.map((row) => [row.key, row.due]))
  return {
    done,
    held: kept,
    referenced: takesAway(rule.action) ? free.filter((one) => !went.has(one)) : [],
    identifiable: takesAway(rule.action) ? [] : free.filter((one) => !went.has(one)),
    notDue: [...waiting, ...others.filter((one) => there.get(one) === false)],
    busy: others.filter((one) => there.get(one) === true),
    gone: others.filter((one) => !there.has(one)),
  }
}

const NONE_LOCKED = { begun: [], waiting: [] }

/** Locked first and asked after, as they are when they go; nothing is changed, and they are let go of at the end. */
export async function whileReady<T>(
  pool: pg.Pool,
  task: ReadyTask,
  work: (ready: readonly LockedRecord[], confirm: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { rule, references, holds } = task
  const { resource } = rule
  const key = column(resource.key)
  const client = await pool.connect()
  let broken = true
  try {
    const { tied } = await begin(client, task, { opening: IN_OWN, ending: '' })
    const { begun } = await lockDue(client, task)
    const unless = references.map((reference) => ` AND ${unreferenced(reference, resource)}`).join('')
    const { rows: leaves } = await client.query<{ key: string }>(
      `SELECT ${key}::text AS key FROM ${tableName(resource)} AS r WHERE ${key} = ANY($1)${unless}`,
      [begun.map((record) => record.key)],
    )
    const free = new Set(leaves.map((row) => row.key))
    const records = begun.filter((record) => free.has(record.key))
    const held = (await holds?.among(records)) ?? (() => false)
    const result = await work(
      tied === 'unplanned' ? [] : records.filter((record) => !held(record)),
      async () => {
        await client.query('SELECT 1')
      },
    )
    await client.query('ROLLBACK')
    broken = false
    return result
  } finally {
    client.release(broken)
  }
}

const PATIENT = `SET LOCAL lock_timeout = ${LOCK_MS}`

/** How foreign keys tie the rule's table: one that nobody planned for; one that acts by itself, or only at the end; or neither. */
type Tied = 'unplanned' | 'acts' | 'not'

/** Whose the transaction is. What is asked once rows are locked must see what was committed until then, however a database is set. */
const IN_OWN = 'BEGIN ISOLATION LEVEL READ COMMITTED; '
const IN_THEIRS = ''

/** Begins, holds the table as it is, and looks at the foreign keys that point at it. */
async function begin(
  client: pg.PoolClient,
  { rule: { resource }, references }: Pick<DisposeTask, 'rule' | 'references'>,
  { opening, ending }: { readonly opening: string; readonly ending: string },
): Promise<{ readonly tied: Tied; readonly isKeyUnique: boolean }> {
  await client.query(
    `${opening}SET LOCAL statement_timeout = ${STATEMENT_MS}; ${PATIENT}; LOCK TABLE ${tableName(resource)} IN ROW EXCLUSIVE MODE; ${ending}`,
  )
  const { foreignKeys, isKeyUnique } = await tiesOf(client, tableName(resource), resource.key)
  const columns = (names: readonly string[]): string => JSON.stringify(names)
  const isPlanned = ({ child, child_columns: own, parent_columns: others }: ForeignKeyRow): boolean =>
    references.some(
      (known) =>
        known.child === child &&
        columns(known.childColumns) === columns(own) &&
        columns(known.parentColumns) === columns(others),
    )
  if (!foreignKeys.every(isPlanned)) return { tied: 'unplanned', isKeyUnique }
  return { tied: foreignKeys.every(onlyForbids) ? 'not' : 'acts', isKeyUnique }
}

/** Locks what is due and nobody else has locked. @returns those that may go, and the keys of those whose event is not over */
async function lockDue(
  client: pg.PoolClient,
  { rule, keys, holds, started }: ReadyTask,
): Promise<{ readonly begun: readonly LockedRecord[]; readonly waiting: readonly string[] }> {
  const { resource } = rule
  const due = dueCondition(rule, 2)
  const asked = holds ?? NOTHING_ASKED
  const told = toldOf(resource, { ...asked, belonging: [] }, 2 + due.values.length)
  const { rows: locked } = await client.query<LockedRow>(
    `SELECT ${told.text} FROM ${tableName(resource)} AS r
     WHERE ${column(resource.key)} = ANY($1) AND ${due.text} FOR UPDATE SKIP LOCKED`,
    [keys, ...due.values, ...told.values],
  )
  const theirs = await belongingAmong(client, resource, asked.belonging, locked)
  const records = locked.map((row) => toLocked({ ...row, theirs: theirs.has(row.key) }, asked))
  const mayGo = await started(records.map((record) => record.key))
  return {
    begun: records.filter((record) => mayGo(record.key)),
    waiting: records.filter((record) => !mayGo(record.key)).map((record) => record.key),
  }
}

/** Asked once they are locked, of a snapshot younger than the locks: what they point at is as it is now. */
async function belongingAmong(
  client: pg.PoolClient,
  resource: Resource,
  belonging: readonly Belonging[],
  locked: readonly LockedRow[],
): Promise<ReadonlySet<string>> {
  if (belonging.length === 0 || locked.length === 0) return new Set()
  const values: unknown[] = [locked.map(({ key }) => key)]
  const theirs = belonging.map((each) => belongs('r', each, { values, first: 1 })).join(' OR ')
  const key = column(resource.key)
  const { rows } = await client.query<{ key: string }>(
    `SELECT ${key}::text AS key FROM ${tableName(resource)} AS r WHERE ${key} = ANY($1) AND (${theirs})`,
    values,
  )
  return new Set(rows.map((row) => row.key))
}

/** @returns those of the records to which it was done; of archived ones all that they held */
async function carryOut(
  client: pg.PoolClient,
  task: DisposeTask,
  keys: readonly string[],
): Promise<readonly ArchivedRecord[]> {
  const { rule } = task
  switch (rule.action) {
    case 'erase':
    case 'archive':
      return (await client.query<ArchivedRecord>(deletion(task, archivedColumns(rule)), [arrayText(keys)]))
        .rows
    case 'anonymise': {
      const { text, values } = anonymisation(rule)
      return (await client.query<ArchivedRecord>(text, [keys, ...values])).rows
    }
    case 'restrict':
      return keys.map((key) => ({ key, record: '' }))
  }
}
