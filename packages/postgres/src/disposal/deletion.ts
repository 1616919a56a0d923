import type { DisposeTask } from '@varco/retention'
import { unreferenced } from './points-at.ts'
import { column, tableName } from './table-name.ts'

/**
 * Takes away what nothing points at, of the keys of the first parameter.
 * @param returning columns; none: the server tells how many went
 * @param and what must be true besides
 */
export function deletion(
  { rule: { resource }, references }: Pick<DisposeTask, 'rule' | 'references'>,
  returning: readonly string[],
  and?: string,
): string {
  const conditions = [
    `${column(resource.key)} = ANY($1)`,
    ...references.map((each) => unreferenced(each, resource)),
    ...(and === undefined ? [] : [and]),
  ]
  return `DELETE FROM ${tableName(resource)} AS r WHERE ${conditions.join(' AND ')}${returning.length === 0 ? '' : ` RETURNING ${returning.join(', ')}`}`
}

/** The columns of an `ArchivedRecord`, which is empty where nothing is archived. */
export function archivedColumns({ resource, action }: DisposeTask['rule']): readonly string[] {
  return [
    `${column(resource.key)}::text AS key`,
    `${action === 'archive' ? 'row_to_json(r)::text' : "''"} AS record`,
  ]
}
