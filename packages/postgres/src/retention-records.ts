import { UnavailableError } from '@varco/core'
import { tableOf } from '@varco/retention'
import type {
  CascadeTask,
  DueRecord,
  DisposalRule,
  ForeignKey,
  HoldQuestions,
  RecordPlace,
  RetentionRecords,
} from '@varco/retention'
import pg from 'pg'
import { arrayText, textsIn } from './array-text.ts'
import type { Database } from './database.ts'
import { dispose, whileReady } from './disposal/dispose-slice.ts'
import { dueCondition } from './disposal/due-condition.ts'
import { FOREIGN_KEYS, toForeignKey, type ForeignKeyRow } from './disposal/foreign-keys.ts'
import { pointsAt } from './disposal/points-at.ts'
import { column, relationName, tableName } from './disposal/table-name.ts'
import { NOTHING_ASKED, toldOf, toLocked, type LockedRow } from './disposal/told-of-record.ts'
import { clientWithin } from './slice-transaction.ts'
import { whenBusy } from './when-busy.ts'

const PERSONAL_RECORDS = 'personal records'

/** No such table, no such column, a key of another type. */
const NO_PLACE = new Set(['42P01', '42703', '22P02'])

/** The body's records in its own schema, where retention disposes of them. Names come from the bundle alone. */
export function postgresRetentionRecords({ pool }: Pick<Database, 'pool'>): RetentionRecords {
  const ask = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    whenBusy(PERSONAL_RECORDS, async () => (await pool.query<Row>({ text, values })).rows)
  return {
    keptIn: pool,
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
    dueKeys: async (rule, after, limit) => {
      const key = column(rule.resource.key)
      const { text, values } = dueCondition(rule, after === null ? 1 : 2)
      const from = after === null ? '' : `${key} > $1 AND `
      const [own] = rule.cutoffs
      // As one text: a row for each would cost several times what it takes to find them.
      const [row] = await ask<{ keys: string | null; oldest: string | null }>(
        `SELECT array_agg(d.key)::text AS keys, ${dayText('min(d.trigger)', rule)} AS oldest
         FROM (SELECT ${key}::text AS key, ${own === undefined ? 'NULL::text' : column(own.field)} AS trigger
               FROM ${tableName(rule.resource)} AS r WHERE ${from}${text} ORDER BY ${key} LIMIT ${limit}) AS d`,
        [...(after === null ? [] : [after]), ...values],
      )
      return { keys: textsIn(row?.keys ?? '{}'), oldest: row?.oldest ?? null }
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
    dispose: (task) =>
      // What undoes more than this slice is tried again by whoever began it.
      (task.within ?? null) === null
        ? whenBusy(PERSONAL_RECORDS, () => dispose(pool, task))
        : dispose(pool, task),
    whileReady: (task, work) => whenBusy(PERSONAL_RECORDS, () => whileReady(pool, task, work)),
    remaining: async (place, keys) => {
      if (keys.length === 0) return []
      const rows = await ask<KeyRow>(remainingText(place), [arrayText(keys)]).catch((cause: unknown) => {
        if (hasNoPlace(cause)) return null
        throw cause
      })
      return rows?.map(toKey) ?? null
    },
    remainingWithin: async (place, keys, within) => {
      const client = clientWithin(within, pool)
      // What the database would do at the commit alone it does now, and the question sees it.
      const results = (await client.query(
        `SET CONSTRAINTS ALL IMMEDIATE; ${MAY_RETURN}`,
      )) as unknown as readonly pg.QueryResult<{ may_return: boolean }>[]
      const { rows } = await client.query<KeyRow>(remainingText(place), [arrayText(keys)])
      return { keys: rows.map(toKey), mayReturn: results.at(-1)?.rows[0]?.may_return !== false }
    },
    textsIn: async (resource, field, keys) => {
      const rows = await ask<{ key: string; value: string }>(
        `SELECT ${column(resource.key)}::text AS key, ${column(field)}::text AS value FROM ${tableName(resource)} AS r
         WHERE ${column(resource.key)} = ANY($1) AND ${column(field)} IS NOT NULL`,
        [keys],
      )
      return new Map(rows.map(({ key, value }) => [key, value]))
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

function remainingText({ relation, key }: RecordPlace): string {
  return `SELECT ${column(key)}::text AS key FROM ${relationName(relation)} AS r WHERE ${column(key)} = ANY($1) FOR KEY SHARE`
}

/** What a trigger does now may be put off again by that trigger; and those on the slice's notes come after the question. */
const MAY_RETURN = `SELECT EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal
   AND (tgdeferrable OR tgrelid IN ('varco.retention_pages'::regclass, 'varco.tombstones'::regclass))) AS may_return`

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

interface KeyRow {
  readonly key: string
}

function toKey({ key }: KeyRow): string {
  return key
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

/** The trigger's day as text. */
function triggerText(rule: DisposalRule): string {
  const [own] = rule.cutoffs
  return own === undefined ? 'NULL::text' : dayText(column(own.field), rule)
}

/** Of a value of the rule's own trigger, as SQL. The time zone is the bundle's, which has been checked to be a zone's name. */
function dayText(value: string, { timeZone, cutoffs: [own] }: DisposalRule): string {
  if (own === undefined) return 'NULL::text'
  return own.type === 'date'
    ? `to_char(${value}, 'YYYY-MM-DD')`
    : `to_char(${value} AT TIME ZONE ${pg.escapeLiteral(timeZone)}, 'YYYY-MM-DD')`
}

function hasNoPlace(fault: unknown): boolean {
  const cause = fault instanceof UnavailableError ? fault.cause : null
  return cause instanceof pg.DatabaseError && NO_PLACE.has(cause.code ?? '')
}
