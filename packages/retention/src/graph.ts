import { hangingOn, storedRelation, type Bundle, type HangingRecords, type Resource } from '@varco/policy'

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

export interface GraphFault {
  readonly code: 'unknown-table'
  readonly foreignKey: string
  readonly child: string
  readonly parent: string
}

/** In which order tables are emptied, and what stands in the way. */
export interface RecordGraph {
  /** Children before their parents; equals by name. Tables that point at one another, however far round, stand in one component. */
  readonly components: readonly (readonly string[])[]
  /** Those of the database and those the catalogue adds, by parent; references of a table to itself among them. */
  readonly references: readonly Reference[]
  readonly faults: readonly GraphFault[]
  /** What upstreams alone have, by the table of what it hangs on: it goes before a record of that does. */
  readonly hanging: ReadonlyMap<string, readonly HangingRecords[]>
}

export function tableOf(resource: Resource): string {
  const { schema, table } = storedRelation(resource)
  return `${schema}.${table}`
}

/**
 * The graph over the catalogue's relations and the database's foreign keys. A foreign key from a table that no resource
 * of the catalogue stands for is a fault: nobody has said what happens to its rows.
 */
export function recordGraph(bundle: Bundle, foreignKeys: readonly ForeignKey[]): RecordGraph {
  const stored = [...bundle.resources.values()].filter(({ relation }) => relation !== null)
  const tables = new Map(stored.map((resource) => [tableOf(resource), resource]))
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
  for (const resource of stored) {
    for (const { resource: other, field, to, many } of Object.values(resource.document.relations)) {
      const target = stored.find(({ name }) => name === other)
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
  const hanging = new Map(
    stored.flatMap((resource) => {
      const found = hangingOn(bundle, resource)
      return found.length === 0 ? [] : [[tableOf(resource), found] as const]
    }),
  )
  return { components: childrenFirst([...tables.keys()], all), references: all, faults, hanging }
}

/** From the leaves; a table that points at itself is ordered record by record, not here, and so are those of a component. */
function childrenFirst(
  tables: readonly string[],
  references: readonly Reference[],
): readonly (readonly string[])[] {
  const left = new Set([...tables].sort())
  const components: (readonly string[])[] = []
  for (let found = true; found;) {
    const leaf = leafAmong(left, references)
    found = leaf !== null
    for (const table of leaf ?? []) left.delete(table)
    if (leaf !== null) components.push(leaf)
  }
  return components
}

/** The first component at which no table points that is left; `null`: none is left. */
function leafAmong(left: ReadonlySet<string>, references: readonly Reference[]): readonly string[] | null {
  for (const table of left) {
    const above = reachedFrom(table, left, references, ({ child, parent }) => [child, parent])
    const below = reachedFrom(table, left, references, ({ child, parent }) => [parent, child])
    if ([...below].every((each) => above.has(each))) return [...below].sort()
  }
  return null
}

/** Itself among them. */
function reachedFrom(
  table: string,
  left: ReadonlySet<string>,
  references: readonly Reference[],
  step: (reference: Reference) => readonly [from: string, to: string],
): ReadonlySet<string> {
  const reached = new Set([table])
  for (const from of reached) {
    for (const reference of references) {
      const [start, end] = step(reference)
      if (start === from && left.has(end)) reached.add(end)
    }
  }
  return reached
}
