import type { Resource } from '@varco/policy'
import { tableOf, type Reference } from '@varco/retention'
import pg from 'pg'

/** A record that points at itself alone is in nobody's way. */
export function unreferenced(reference: Reference, resource: Resource): string {
  return `NOT EXISTS (SELECT FROM ${pointsAt(reference, resource, { child: 'c', parent: 'r' })})`
}

/** Rows of the child, and that they point at the parent, which is another row. */
export function pointsAt(
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
