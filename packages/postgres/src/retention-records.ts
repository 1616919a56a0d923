import { UnavailableError, VarcoError, type FieldName } from '@varco/core'
import { storedRelation, type Relation, type Resource } from '@varco/policy'
import { tableOf, takesAway } from '@varco/retention'
import type {
  ArchivedRecord,
  Belonging,
  CascadeTask,
  Disposed,
  DisposeTask,
  DueRecord,
  DisposalRule,
  ForeignKey,
  HoldQuestions,
  LockedRecord,
  ReadyTask,
  Reference,
  RetentionRecords,
} from '@varco/retention'
import pg from 'pg'
import type { Database } from './database.ts'

/** A deleting transaction that waits, or works, for longer than this gives way to the applications. */
const STATEMENT_MS = 30_000
const LOCK_MS = 2_000
const RETRIES = 6
const FIRST_BACKOFF_MS = 100

/** Deadlock, lock not available, too many connections, query cancelled by a timeout, serialization. */
const TRANSIENT = new Set(['40P01', '55P03', '53300', '57014', '40001'])

/** No such table, no such column, a key of another type. */
const NO_PLACE = new Set(['42P01', '42703', '22P02'])

/** The body's records in its own schema, where retention disposes of them. Names come from the bundle alone. */
export function postgresRetentionRecords({ pool }: Pick<Database, 'pool'>): RetentionRecords {
  const ask = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    whenBusy(async () => (await pool.query<Row>({ text, values })).rows)
  return {
    foreignKeys: async () => (await ask<ForeignKeyRow>(FOREIGN_KEYS)).map(toForeignKey),
    due: async (rule, after, limit, asked = NOTHING_ASKED) => {
      const key = column(rule.resource.key)
      const { text, values } = dueCondition(rule, after === null ? 1 : 2)
      const told = toldOf(rule.resource, asked, values.length + (after === null ? 1 : 2))
      const from = after === null ? '' : `${key} > $1 AND `
      const rows = await ask<DueRow>(
        `${selectDue(rule, told.text)} WHERE ${from}${text} ORDER BY ${key} LIMIT ${limit}`,
        [...(after === null ? [] : [after]), ...values, ...told.values],
      )
      return rows.map((row) => toDue(row, asked))
    },
    dueAmong: async (rule, keys) => {
      const key = column(rule.resource.key)
      const { text, values } = dueCondition(rule, 2)
      const rows = await ask<DueRow>(
        `${selectDue(rule, toldOf(rule.resource, NOTHING_ASKED, 0).text)} WHERE ${key} = ANY($1) AND ${text} ORDER BY ${key}`,
        [keys, ...values],
      )
      return rows.map((row) => toDue(row, NOTHING_ASKED))
    },
    withoutTrigger: async ({ resource, cutoffs: [own] }) => {
      if (own === undefined) return 0
      const { field } = own
      const [row] = await ask<{ count: string }>(
        `SELECT count(*) AS count FROM ${tableName(resource)} AS r WHERE ${column(field)} IS NULL`,
      )
      return Number(row?.count ?? 0)
    },
    cascades: async (task) => {
      const counts: { readonly rows: number; readonly unplanned: number }[] = []
      for (const foreignKey of task.foreignKeys) {
        const { text, values } = reachedBy(foreignKey, task)
        const [row] = await ask<{ rows: string; unplanned: string }>(text, [...values])
        counts.push({ rows: Number(row?.rows ?? 0), unplanned: Number(row?.unplanned ?? 0) })
      }
      return counts
    },
    dispose: (task) => whenBusy(() => dispose(pool, task)),
    whileReady: (task, work) => whenBusy(() => whileReady(pool, task, work)),
    remaining: async (place, keys) => {
      if (keys.length === 0) return []
      const rows = await ask<{ key: string }>(
        `SELECT ${column(place.key)}::text AS key FROM ${relationName(place.relation)} AS r
         WHERE ${column(place.key)} = ANY($1) FOR KEY SHARE`,
        [keys],
      ).catch((cause: unknown) => {
        if (hasNoPlace(cause)) return null
        throw cause
      })
      return rows?.map(({ key }) => key) ?? null
    },
    keys: async (resource, after, limit) =>
      (
        await ask<{ key: string }>(
          `SELECT ${column(resource.key)}::text AS key FROM ${tableName(resource)} AS r
           ${after === null ? '' : `WHERE ${column(resource.key)} > $1`} ORDER BY ${column(resource.key)} LIMIT ${limit}`,
          after === null ? [] : [after],
        )
      ).map(({ key }) => key),
  }
}

/**
 * Locked rows cannot change, nor get a new child that a foreign key ties to them. That there is none is asked in the
 * deleting statement itself, whose snapshot is younger than the locks: so no cascade ever fires. The table's own lock
 * keeps foreign keys from being added; one added since the run began, that nobody planned for, keeps every record.
 */
async function dispose(pool: pg.Pool, task: DisposeTask): Promise<Disposed> {
  const { rule, keys, holds, archive, confirm, clear } = task
  const { resource } = rule
  const key = column(resource.key)
  const due = dueCondition(rule, 2)
  const client = await pool.connect()
  let broken = true
  try {
    await begin(client, resource)
    const tied = takesAway(rule.action) && (await hasUnplannedKey(client, task))
    const { begun, waiting } = await lockDue(client, task)
    const held = (await holds?.among(begun)) ?? (() => false)
    const kept = begun.filter(held).map((record) => record.key)
    const free = begun.filter((record) => !held(record)).map((record) => record.key)
    const cleared = clear === undefined ? free : free.filter((one) => clear.has(one))
    const done = cleared.length === 0 || tied ? [] : await carryOut(client, task, cleared)
    const settled = new Set([...begun.map((record) => record.key), ...waiting])
    const others = keys.filter((one) => !settled.has(one))
    const { rows: rest } =
      others.length === 0
        ? { rows: [] }
        : await client.query<{ key: string; due: boolean }>(
            `SELECT ${key}::text AS key, coalesce(${due.text}, false) AS due FROM ${tableName(resource)} AS r WHERE ${key} = ANY($1)`,
            [others, ...due.values],
          )
    if (archive !== null && done.length > 0) await archive(done)
    await confirm()
    await client.query('COMMIT')
    broken = false
    const went = new Set(done.map((row) => row.key))
    const there = new Map(rest.map((row) => [row.key, row.due]))
    return {
      done: [...went],
      held: kept,
      referenced: takesAway(rule.action) ? free.filter((one) => !went.has(one)) : [],
      identifiable: takesAway(rule.action) ? [] : free.filter((one) => !went.has(one)),
      notDue: [...waiting, ...others.filter((one) => there.get(one) === false)],
      busy: others.filter((one) => there.get(one) === true),
      gone: others.filter((one) => !there.has(one)),
    }
  } finally {
    // A connection in an unknown state is not given back to the pool; the server rolls it back.
    client.release(broken)
  }
}

/** Locked first and asked after, as they are when they go; nothing is changed, and they are let go of at the end. */
async function whileReady<T>(
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
    await begin(client, resource)
    const tied = await hasUnplannedKey(client, task)
    const { begun } = await lockDue(client, task)
    const unless = references.map((reference) => ` AND ${unreferenced(reference, resource)}`).join('')
    const { rows: leaves } = await client.query<{ key: string }>(
      `SELECT ${key}::text AS key FROM ${tableName(resource)} AS r WHERE ${key} = ANY($1)${unless}`,
      [begun.map((record) => record.key)],
    )
    const free = new Set(leaves.map((row) => row.key))
    const records = begun.filter((record) => free.has(record.key))
    const held = (await holds?.among(records)) ?? (() => false)
    const result = await work(tied ? [] : records.filter((record) => !held(record)), async () => {
      await client.query('SELECT 1')
    })
    await client.query('ROLLBACK')
    broken = false
    return result
  } finally {
    client.release(broken)
  }
}

async function begin(client: pg.PoolClient, resource: Resource): Promise<void> {
  await client.query(
    `BEGIN; SET LOCAL statement_timeout = ${STATEMENT_MS}; SET LOCAL lock_timeout = ${LOCK_MS};
     LOCK TABLE ${tableName(resource)} IN ROW EXCLUSIVE MODE`,
  )
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

async function hasUnplannedKey(
  client: pg.PoolClient,
  { rule, references }: Pick<DisposeTask, 'rule' | 'references'>,
): Promise<boolean> {
  const { schema, table } = storedRelation(rule.resource)
  const { rows } = await client.query<ForeignKeyRow>(FOREIGN_KEYS_OF, [schema, table])
  const columns = (names: readonly string[]): string => JSON.stringify(names)
  return rows.some(
    ({ child, child_columns: own, parent_columns: others }) =>
      !references.some(
        (known) =>
          known.child === child &&
          columns(known.childColumns) === columns(own) &&
          columns(known.parentColumns) === columns(others),
      ),
  )
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
      return (await client.query<ArchivedRecord>(deletion(task, `'' AS record`), [keys])).rows
    case 'archive':
      return (await client.query<ArchivedRecord>(deletion(task, 'row_to_json(r)::text AS record'), [keys]))
        .rows
    case 'anonymise': {
      const { text, values } = anonymisation(rule)
      return (await client.query<ArchivedRecord>(text, [keys, ...values])).rows
    }
    case 'restrict':
      return keys.map((key) => ({ key, record: '' }))
  }
}

function deletion({ rule: { resource }, references }: DisposeTask, record: string): string {
  const key = column(resource.key)
  const unless = references.map((reference) => ` AND ${unreferenced(reference, resource)}`).join('')
  return `DELETE FROM ${tableName(resource)} AS r WHERE ${key} = ANY($1)${unless} RETURNING ${key}::text AS key, ${record}`
}

/**
 * Whoever could still be told apart stays as they are: a record is masked only where enough of the rule's records come out
 * alike. They are counted as they will be, so that the order of the slices makes no difference.
 */
function anonymisation(rule: DisposalRule): { readonly text: string; readonly values: readonly unknown[] } {
  const { resource, masks, quasiIdentifiers } = rule
  const [key, table] = [column(resource.key), tableName(resource)]
  const after = (field: string): string => {
    const mask = masks?.[field]
    return mask === undefined ? column(field) : maskedValue(field, mask, resource)
  }
  const sets = Object.keys(masks ?? {}).map((field) => `${pg.escapeIdentifier(field)} = ${after(field)}`)
  const update = `UPDATE ${table} AS r SET ${sets.join(', ')} WHERE ${key} = ANY($1)`
  const returning = `RETURNING ${key}::text AS key, '' AS record`
  if (quasiIdentifiers === null) return { text: `${update} ${returning}`, values: [] }
  const { fields, atLeast } = quasiIdentifiers
  const due = dueCondition(rule, 3)
  const alike = fields.map((field, at) => `classes.q${at} IS NOT DISTINCT FROM ${after(field)}`)
  return {
    text: `WITH classes AS (
             SELECT ${fields.map((field, at) => `${after(field)} AS q${at}`).join(', ')} FROM ${table} AS r WHERE ${due.text}
             GROUP BY ${fields.map((_, at) => String(at + 1)).join(', ')} HAVING count(*) >= $2)
           ${update} AND EXISTS (SELECT FROM classes WHERE ${alike.join(' AND ')}) ${returning}`,
    values: [atLeast, ...due.values],
  }
}

/** A record that points at itself alone is in nobody's way. */
function unreferenced(reference: Reference, resource: Resource): string {
  return `NOT EXISTS (SELECT FROM ${pointsAt(reference, resource, { child: 'c', parent: 'r' })})`
}

/** Rows of the child, and that they point at the parent, which is another row. */
function pointsAt(
  { child, childColumns, parentColumns }: Reference,
  resource: Resource,
  alias: { readonly child: string; readonly parent: string },
): string {
  const [schema = '', table = ''] = child.split('.')
  const column = (of: keyof typeof alias, name: string): string => `${alias[of]}.${pg.escapeIdentifier(name)}`
  const joined = childColumns.map(
    (name, at) => `${column('child', name)} = ${column('parent', parentColumns[at] ?? '')}`,
  )
  const itself = child === tableOf(resource)
  const other = itself ? [`${column('child', resource.key)} <> ${column('parent', resource.key)}`] : []
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} AS ${alias.child} WHERE ${[...joined, ...other].join(' AND ')}`
}

/** Counts the rows that point at these records, and those of them that none of the rules makes due. */
function reachedBy(
  foreignKey: ForeignKey,
  { resource, keys, rules }: CascadeTask,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [keys]
  const taken = rules
    .filter((rule) => tableOf(rule.resource) === foreignKey.child)
    .map((rule) => {
      const due = dueCondition(rule, values.length + 1)
      values.push(...due.values)
      return `coalesce(${due.text}, false)`
    })
  return {
    text: `SELECT count(*) AS rows, count(*) FILTER (WHERE NOT (${['FALSE', ...taken].join(' OR ')})) AS unplanned
      FROM ${tableName(resource)} AS p, ${pointsAt(foreignKey, resource, { child: 'r', parent: 'p' })} AND p.${pg.escapeIdentifier(resource.key)} = ANY($1)`,
    values,
  }
}

function maskedValue(
  field: string,
  mask: NonNullable<DisposalRule['masks']>[string],
  { fields }: Resource,
): string {
  const name = pg.escapeIdentifier(field)
  const type = [...fields].find(([known]) => known === field)?.[1].type
  switch (mask) {
    case 'clear':
      return 'NULL'
    case 'redact':
      return `CASE WHEN r.${name} IS NOT NULL THEN ${type === 'json' ? `'{}'` : `'—'`} END`
    case 'year':
      return type === 'date'
        ? `date_trunc('year', r.${name}::timestamp)::date`
        : `date_trunc('year', r.${name})`
  }
}

/** Every cutoff holds; a record without one of the dates is not due. `$first` is the first parameter's number. */
function dueCondition(
  { cutoffs, belonging, timeZone }: DisposalRule,
  first: number,
): { readonly text: string; readonly values: unknown[] } {
  const values: unknown[] = []
  const parts = cutoffs.map(({ field, type, upTo, of }) => {
    const dated = of === undefined ? column(field) : `t.${pg.escapeIdentifier(field)}`
    values.push(upTo)
    let over = `${dated} <= $${first + values.length - 1}::date`
    if (type === 'timestamp') {
      values.push(timeZone)
      // Midnight after the day, where the body is: an instant, so that an index on the column serves.
      over = `${dated} < (($${first + values.length - 2}::date + 1)::timestamp AT TIME ZONE $${first + values.length - 1}::text)`
    }
    if (of === undefined) return over
    return `NOT EXISTS (SELECT FROM ${tableName(of.resource)} AS t
      WHERE t.${pg.escapeIdentifier(of.to)} = ${column(of.from)} AND (${over}) IS NOT TRUE)`
  })
  if (belonging !== null) parts.push(belongs('r', belonging, { values, first }))
  return { text: `(${['TRUE', ...parts].join(' AND ')})`, values }
}

/** Whose record it is, or, where it names nobody, whose a record is at which it points. `$first` is the first parameter's number. */
function belongs(
  alias: string,
  { named, ways, rings }: Belonging,
  parameters: { readonly values: unknown[]; readonly first: number },
): string {
  const { values, first } = parameters
  const inner = `${alias}_`
  const points = [
    ...ways.map(
      ({ from, to, resource, of }) => `EXISTS (SELECT FROM ${tableName(resource)} AS ${inner}
      WHERE ${inner}.${pg.escapeIdentifier(to)} = ${alias}.${pg.escapeIdentifier(from)} AND ${belongs(inner, of, parameters)})`,
    ),
    ...rings.map((from) => `${alias}.${pg.escapeIdentifier(from)} IS NOT NULL`),
  ]
  const pointing = points.length === 0 ? 'FALSE' : `(${points.join(' OR ')})`
  if (named === null) return pointing
  const whose = `${alias}.${pg.escapeIdentifier(named.field)}`
  values.push(named.ids)
  return `(${whose}::text = ANY($${first + values.length - 1}::text[]) OR (${whose} IS NULL AND ${pointing}))`
}

interface DueRow extends LockedRow {
  readonly trigger: string | null
}

function selectDue(rule: DisposalRule, told: string): string {
  return `SELECT ${told}, ${triggerText(rule)} AS trigger FROM ${tableName(rule.resource)} AS r`
}

function toDue(row: DueRow, asked: HoldQuestions): DueRecord {
  return { ...toLocked(row, asked), trigger: row.trigger }
}

/** The trigger's day as text. The time zone is the bundle's, which has been checked to be a zone's name. */
function triggerText({ timeZone, cutoffs: [own] }: DisposalRule): string {
  if (own === undefined) return 'NULL::text'
  const { field, type } = own
  return type === 'date'
    ? `to_char(${column(field)}, 'YYYY-MM-DD')`
    : `to_char(${column(field)} AT TIME ZONE ${pg.escapeLiteral(timeZone)}, 'YYYY-MM-DD')`
}

const NOTHING_ASKED: HoldQuestions = { watched: [], belonging: [] }

interface LockedRow {
  readonly key: string
  readonly subject: string | null
  /** A JSON array in the order of the fields asked for. */
  readonly watched: string
  readonly theirs: boolean
}

/** The columns of a `LockedRow`. `$first` is the first parameter's number. */
function toldOf(
  resource: Resource,
  { watched, belonging }: HoldQuestions,
  first: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = []
  const seen = watched.map((field) => `to_jsonb(${watchedValue(field, resource)})`)
  const theirs = ['FALSE', ...belonging.map((each) => belongs('r', each, { values, first }))]
  return {
    text: `${column(resource.key)}::text AS key, ${subjectOf(resource)} AS subject,
    jsonb_build_array(${seen.join(', ')})::text AS watched, coalesce(${theirs.join(' OR ')}, false) AS theirs`,
    values,
  }
}

/** Numbers and instants as text: nothing is rounded on the way. */
function watchedValue(field: FieldName, { fields }: Resource): string {
  const type = fields.get(field)?.type
  if (type === 'boolean' || type === 'text[]') return column(field)
  return type === 'timestamp' ? `to_jsonb(${column(field)}) #>> '{}'` : `${column(field)}::text`
}

function toLocked(row: LockedRow, { watched }: HoldQuestions): LockedRecord {
  const { key, subject, theirs } = row
  const values = JSON.parse(row.watched) as readonly unknown[]
  return {
    key,
    dataSubject: subject,
    theirs,
    watched: Object.fromEntries(watched.map((field, at) => [field, values[at] ?? null])),
  }
}

function subjectOf({ dataSubject }: Resource): string {
  return dataSubject === null ? 'NULL::text' : `${column(dataSubject.field)}::text`
}

function column(name: string): string {
  return `r.${pg.escapeIdentifier(name)}`
}

function tableName(resource: Resource): string {
  return relationName(storedRelation(resource))
}

function relationName({ schema, table }: Relation): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
}

interface ForeignKeyRow {
  readonly name: string
  readonly child: string
  readonly child_columns: string[]
  readonly parent: string
  readonly parent_columns: string[]
  readonly on_delete: string
}

/** Those of partitions stand for their partitioned table's, which is there too. */
const ALL_FOREIGN_KEYS = `
  SELECT k.conname::text AS name,
    cn.nspname || '.' || c.relname AS child, pn.nspname || '.' || p.relname AS parent, k.confdeltype::text AS on_delete,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, i)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.i) AS child_columns,
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(n, i)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.i) AS parent_columns
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
  JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE k.contype = 'f' AND k.conparentid = 0`
const FOREIGN_KEYS = `${ALL_FOREIGN_KEYS} ORDER BY 2, 1`
/** Those that point at a table: `$1` its schema, `$2` its name. */
const FOREIGN_KEYS_OF = `${ALL_FOREIGN_KEYS} AND pn.nspname = $1 AND p.relname = $2`

const ON_DELETE: Readonly<Record<string, ForeignKey['onDelete']>> = {
  a: 'no-action',
  r: 'restrict',
  c: 'cascade',
  n: 'set-null',
  d: 'set-default',
}

function toForeignKey({ name, child, parent, ...row }: ForeignKeyRow): ForeignKey {
  return {
    ...{ name, child, parent },
    childColumns: row.child_columns,
    parentColumns: row.parent_columns,
    onDelete: ON_DELETE[row.on_delete] ?? 'no-action',
  }
}

function hasNoPlace(fault: unknown): boolean {
  const cause = fault instanceof UnavailableError ? fault.cause : null
  return cause instanceof pg.DatabaseError && NO_PLACE.has(cause.code ?? '')
}

/** Tries again, later and later, what gave way to others; each try is a transaction of its own. */
async function whenBusy<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof VarcoError) throw cause
      const transient = cause instanceof pg.DatabaseError && TRANSIENT.has(cause.code ?? '')
      if (!transient || tried === RETRIES) throw new UnavailableError('personal records', { cause })
      await new Promise((resolve) => setTimeout(resolve, FIRST_BACKOFF_MS * 2 ** tried))
    }
  }
}
