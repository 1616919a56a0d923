import type { DisposeTask } from '@varco/retention'
import { unreferenced } from './points-at.ts'
import { column, tableName } from './table-name.ts'

/**
 * Takes away what nothing points at, of the keys of the first parameter; returns an `ArchivedRecord` of each, empty where nothing is
 * archived.
 * @param more what must be true besides, and what is returned besides
 */
export function deletion(
  { rule: { resource, action }, references }: Pick<DisposeTask, 'rule' | 'references'>,
  more: { readonly and?: string; readonly returning?: string } = {},
): string {
  const key = column(resource.key)
  const conditions = [`${key} = ANY($1)`, ...references.map((each) => unreferenced(each, resource))]
  if (more.and !== undefined) conditions.push(more.and)
  const record = action === 'archive' ? 'row_to_json(r)::text' : "''"
  const returning = [`${key}::text AS key`, `${record} AS record`]
  if (more.returning !== undefined) returning.push(more.returning)
  return `DELETE FROM ${tableName(resource)} AS r WHERE ${conditions.join(' AND ')} RETURNING ${returning.join(', ')}`
}
