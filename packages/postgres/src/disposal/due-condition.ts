import type { Belonging, DisposalRule } from '@varco/retention'
import pg from 'pg'
import { column, tableName } from './table-name.ts'

/** Every cutoff holds; a record without one of the dates is not due. `$first` is the first parameter's number. */
export function dueCondition(
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
export function belongs(
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
