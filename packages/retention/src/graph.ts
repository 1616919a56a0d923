import type { Bundle, Resource } from '@varco/policy'

/** A reference the database itself enforces, as `pg_catalog` tells it. Tables are `schema.table`. */
export interface ForeignKey {
  readonly name: string
  readonly child: string
  readonly childColumns: readonly string[]
  readonly parent: string
  readonly parentColumns: readonly string[]
  readonly onDelete: 'no-action' | 'restrict' | 'cascade' | 'set-null' | 'set-default'
}

/** Rows of `child` point at rows of `parent`: they go first, or the parent waits. */
export interface Reference {
  readonly child: string
  readonly childColumns: readonly string[]
  readonly parent: string
  readonly parentColumns: readonly string[]
}

export type GraphFault =
  | {
      readonly code: 'unknown-table'
      readonly foreignKey: string
      readonly child: string
      readonly parent: string
    }
  | { readonly code: 'cycle'; readonly tables: readonly string[] }

/** In which order tables are emptied, and what stands in the way. */
export interface RecordGraph {
  /** Children before their parents; equals by name. */
  readonly order: readonly string[]
  /** Those of the database and those the catalogue adds, by parent; references of a table to itself among them. */
  readonly references: readonly Reference[]
  readonly faults: readonly GraphFault[]
}

export function tableOf({ relation }: Resource): string {
  return `${relation.schema}.${relation.table}`
}

/**
 * The graph over the catalogue's relations and the database's foreign keys. A foreign key from a table that no resource
 * of the catalogue stands for is a fault: nobody has said what happens to its rows.
 */
export function recordGraph(bundle: Bundle, foreignKeys: readonly ForeignKey[]): RecordGraph {
  const tables = new Map([...bundle.resources.values()].map((resource) => [tableOf(resource), resource]))
  const faults: GraphFault[] = []
  const references = new Map<string, Reference>()
  const add = (reference: Reference): void => {
    references.set(JSON.stringify(reference), reference)
  }
  for (const { name, child, parent, childColumns, parentColumns } of foreignKeys) {
    if (!tables.has(parent)) continue
    if (tables.has(child)) add({ child, childColumns, parent, parentColumns })
    else faults.push({ code: 'unknown-table', foreignKey: name, child, parent })
  }
  for (const resource of bundle.resources.values()) {
    for (const { resource: other, field, to, many } of Object.values(resource.document.relations)) {
      const target = [...bundle.resources.values()].find(({ name }) => name === other)
      if (target === undefined) continue
      const [here, there] = [tableOf(resource), tableOf(target)]
      add(
        many
          ? { child: there, childColumns: [to], parent: here, parentColumns: [field] }
          : { child: here, childColumns: [field], parent: there, parentColumns: [to] },
      )
    }
  }
  const all = [...references.values()]
  const { order, rest } = childrenFirst([...tables.keys()], all)
  if (rest.length > 0) faults.push({ code: 'cycle', tables: rest })
  return { order, references: all, faults }
}

/** Kahn's algorithm from the leaves; a table that points at itself is ordered record by record, not here. */
function childrenFirst(
  tables: readonly string[],
  references: readonly Reference[],
): { readonly order: readonly string[]; readonly rest: readonly string[] } {
  const left = new Set([...tables].sort())
  const order: string[] = []
  for (let found = true; found;) {
    const leaf = [...left].find(
      (table) =>
        !references.some(({ child, parent }) => parent === table && child !== table && left.has(child)),
    )
    found = leaf !== undefined
    if (leaf !== undefined) {
      left.delete(leaf)
      order.push(leaf)
    }
  }
  return { order, rest: [...left] }
}
