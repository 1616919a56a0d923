import type { Resource } from '@varco/policy'
import type { DisposalRule } from '@varco/retention'
import pg from 'pg'
import { dueCondition } from './due-condition.ts'
import { column, tableName } from './table-name.ts'

/**
 * Whoever could still be told apart stays as they are: a record is masked only where enough of the rule's records come out
 * alike. They are counted as they will be, so that the order of the slices makes no difference.
 */
export function anonymisation(rule: DisposalRule): {
  readonly text: string
  readonly values: readonly unknown[]
} {
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
