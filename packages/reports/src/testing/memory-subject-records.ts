import { asId, type DataSubjectRef, type FieldName } from '@varco/core'
import type { Bundle, Resource } from '@varco/policy'
import type { FindBy, FoundDataSubject, RecordsOfResource, SubjectRecords } from '../ports.ts'

/** Rows of each resource, values in text form; what a row does not have is `null`. */
export type MemoryRows = Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>

/** The body's records in memory. */
export function memorySubjectRecords(rows: MemoryRows): SubjectRecords {
  const rowsOf = (resource: string) => rows[resource] ?? []
  return {
    find: async (bundle, identifier, by) => {
      const value = identifier.trim()
      const forms = new Set([value, value.toUpperCase(), value.toLowerCase()])
      if (value === '') return []
      return kindsOf(bundle).flatMap(({ kind, find_by: fields, resource }) =>
        rowsOf(resource.name)
          .filter((row) => fields.some((field) => isAsked(kind, field, by) && forms.has(row[field] ?? '')))
          .map((row) => found(bundle, kind, resource, row))
          .sort((a, b) => byKey(a.ref.id, b.ref.id)),
      )
    },
    named: async (bundle, kind, ids) => {
      const person = kindsOf(bundle).find((entry) => entry.kind === kind)
      if (person === undefined) return []
      return rowsOf(person.resource.name)
        .filter((row) => ids.includes(row[subjectField(person.resource)] ?? ''))
        .map((row) => found(bundle, kind, person.resource, row))
        .sort((a, b) => byKey(a.ref.id, b.ref.id))
    },
    ownersOf: async (bundle, resource, keys) => {
      const owners = new Map<string, DataSubjectRef>()
      for (const key of keys) {
        const owner = ownerOf(bundle, rowsOf, resource, bundle.resources.get(asId(resource))?.key ?? '', key)
        if (owner !== null) owners.set(key, owner)
      }
      return owners
    },
    recordsOf: async (bundle, dataSubject) => {
      const reached = new Map<string, Set<Readonly<Record<string, string | null>>>>()
      for (const resource of bundle.resources.values()) {
        if (resource.dataSubject?.kind !== dataSubject.kind) continue
        const field = resource.dataSubject.field
        reached.set(
          resource.name,
          new Set(rowsOf(resource.name).filter((row) => row[field] === dataSubject.id)),
        )
      }
      for (let grown = true; grown;) {
        grown = false
        for (const edge of edgesToNobody(bundle)) {
          const keys = new Set([...(reached.get(edge.parent) ?? [])].map((row) => row[edge.parentField]))
          const children = reached.get(edge.child) ?? new Set()
          for (const row of rowsOf(edge.child)) {
            const pointer = row[edge.childField]
            if (pointer === null || pointer === undefined || !keys.has(pointer) || children.has(row)) continue
            children.add(row)
            grown = true
          }
          reached.set(edge.child, children)
        }
      }
      return asSets(bundle, reached)
    },
  }
}

/** Whom the row that holds this value names, or the row it points at. */
function ownerOf(
  bundle: Bundle,
  rowsOf: (resource: string) => MemoryRows[string],
  name: string,
  field: string,
  value: string,
): DataSubjectRef | null {
  const resource = bundle.resources.get(asId(name))
  const row = rowsOf(name).find((row) => row[field] === value)
  if (resource === undefined || row === undefined) return null
  if (resource.dataSubject !== null) {
    const id = row[resource.dataSubject.field] ?? null
    return id === null ? null : { kind: resource.dataSubject.kind, id }
  }
  for (const { resource: target, field: pointer, to, many } of Object.values(resource.document.relations)) {
    const pointed = row[pointer] ?? null
    const owner = many || pointed === null ? null : ownerOf(bundle, rowsOf, target, to, pointed)
    if (owner !== null) return owner
  }
  return null
}

interface Edge {
  readonly parent: string
  readonly parentField: string
  readonly child: string
  readonly childField: string
}

/** Pointers of records about nobody in particular, in either way a relation may be written. */
function edgesToNobody(bundle: Bundle): readonly Edge[] {
  return [...bundle.resources.values()].flatMap((resource) =>
    Object.values(resource.document.relations).flatMap(({ resource: other, field, to, many }): Edge[] => {
      const edge = many
        ? { parent: resource.name, parentField: field, child: other, childField: to }
        : { parent: other, parentField: to, child: resource.name, childField: field }
      return bundle.resources.get(asId(edge.child))?.dataSubject === null ? [edge] : []
    }),
  )
}

function asSets(
  bundle: Bundle,
  reached: ReadonlyMap<string, ReadonlySet<Readonly<Record<string, string | null>>>>,
): RecordsOfResource[] {
  return [...bundle.resources.values()].flatMap((resource) => {
    const records = [...(reached.get(resource.name) ?? [])].map((row) => ({
      key: row[resource.key] ?? '',
      values: new Map<FieldName, string | null>(
        [...resource.fields.keys()].map((field) => [field, row[field] ?? null]),
      ),
    }))
    return records.length === 0
      ? []
      : [{ resource: resource.name, records: records.sort((a, b) => byKey(a.key, b.key)) }]
  })
}

function kindsOf(bundle: Bundle) {
  return Object.entries(bundle.document.varco.data_subjects).flatMap(([kind, entry]) => {
    const resource = bundle.resources.get(asId(entry.resource))
    return resource === undefined ? [] : [{ kind, find_by: entry.find_by, resource }]
  })
}

function found(
  bundle: Bundle,
  kind: string,
  resource: Resource,
  row: Readonly<Record<string, string | null>>,
): FoundDataSubject {
  const parts = bundle.document.varco.data_subjects[kind]?.name ?? []
  const ref: DataSubjectRef = { kind, id: row[subjectField(resource)] ?? '' }
  return { ref, name: parts.flatMap((field) => row[field] ?? []) }
}

function subjectField(resource: Resource): string {
  return resource.dataSubject?.field ?? resource.key
}

/** Numbers as numbers: the database orders its keys so. */
function byKey(a: string, b: string): number {
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0
}

function isAsked(kind: string, field: string, by: FindBy | undefined): boolean {
  return by === undefined || (by.kind === kind && by.field === field)
}
