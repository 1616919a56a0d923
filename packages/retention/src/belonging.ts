import { asId, type DataSubjectRef, type FieldName } from '@varco/core'
import type { Bundle, Resource } from '@varco/policy'
import { canonicalKey } from './canonical-key.ts'

/** Data subjects of one kind. */
export interface DataSubjects {
  readonly kind: DataSubjectRef['kind']
  readonly ids: readonly string[]
}

/** How a record is told to be somebody's: it names them; or it names nobody, and points at a record that is theirs. */
export interface Belonging {
  /** `null`: records of the resource name nobody. */
  readonly named: {
    readonly field: FieldName
    /** As the field's type writes them; none where it names people of another kind. */
    readonly ids: readonly string[]
  } | null
  /** Asked of a record that names nobody. */
  readonly ways: readonly Way[]
  /** Pointers that lead round: a record that names nobody and has one may be theirs, and nobody can tell. */
  readonly rings: readonly FieldName[]
}

/** Records that have in `from` what a data subject's record has in `to`. */
export interface Way {
  readonly from: FieldName
  readonly to: FieldName
  readonly resource: Resource
  readonly of: Belonging
}

/** Of records that are theirs for certain, for those are to go. `null`: none of the resource can be. */
export function belongingTo(bundle: Bundle, resource: Resource, people: DataSubjects): Belonging | null {
  return find(bundle, resource, people, { on: [], doubtful: false })
}

/** Of records that may be theirs too, for those are to be kept, or kept from view. `null`: none of the resource can be. */
export function mayBelongTo(bundle: Bundle, resource: Resource, people: DataSubjects): Belonging | null {
  return find(bundle, resource, people, { on: [], doubtful: true })
}

/** How records of the resource that name nobody may belong to any of these people: by kind, where they may. */
export function pointingAt(
  bundle: Bundle,
  resource: Resource,
  people: readonly { readonly kind: DataSubjectRef['kind']; readonly id: string }[],
): readonly Belonging[] {
  return [...Map.groupBy(people, ({ kind }) => kind)].flatMap(([kind, those]) => {
    const belonging = mayBelongTo(bundle, resource, { kind, ids: those.map(({ id }) => id) })
    return belonging !== null && belonging.ways.length + belonging.rings.length > 0 ? [belonging] : []
  })
}

function find(
  bundle: Bundle,
  resource: Resource,
  people: DataSubjects,
  { on, doubtful }: { readonly on: readonly Resource[]; readonly doubtful: boolean },
): Belonging | null {
  const named = nameOf(resource, people)
  // The database may allow a record to name nobody though the catalogue does not: only what is to go is taken at its word.
  const up = !doubtful && namesSomebody(resource) ? [] : waysUp(bundle, resource)
  const round = up.filter((way) => way.resource === resource || on.includes(way.resource))
  const ways = up
    .filter((way) => !round.includes(way))
    .flatMap((way) => {
      const of = find(bundle, way.resource, people, { on: [...on, resource], doubtful })
      return of === null ? [] : [{ ...way, of }]
    })
  const leadSomewhere = round.filter((way) => doubtful && leadsTo(bundle, way.resource, people.kind))
  const rings = leadSomewhere.map(({ from }) => from)
  const none = (named === null || named.ids.length === 0) && ways.length === 0 && rings.length === 0
  return none ? null : { named, ways, rings }
}

function nameOf(resource: Resource, { kind, ids }: DataSubjects): Belonging['named'] {
  if (resource.dataSubject === null) return null
  const { field } = resource.dataSubject
  if (resource.dataSubject.kind !== kind) return { field, ids: [] }
  const spelt = ids.map((id) => canonicalKey(resource, field, id)).filter((id) => id !== null)
  return { field, ids: [...new Set(spelt)] }
}

/** Whether pointers lead from the resource's records to such as name people of the kind. */
function leadsTo(bundle: Bundle, start: Resource, kind: DataSubjects['kind']): boolean {
  const reached = new Set([start])
  for (const resource of reached) {
    if (resource.dataSubject?.kind === kind) return true
    for (const way of waysUp(bundle, resource)) reached.add(way.resource)
  }
  return false
}

/** Every record of the resource does, as the catalogue has it. */
function namesSomebody({ dataSubject, fields }: Resource): boolean {
  return dataSubject !== null && fields.get(dataSubject.field)?.nullable !== true
}

/** The pointers that the catalogue knows of, whichever end declares them. */
function waysUp({ resources }: Bundle, resource: Resource): readonly Omit<Way, 'of'>[] {
  return [...resources.values()].flatMap((owner) =>
    Object.values(owner.document.relations).flatMap(({ resource: other, field, to, many }) => {
      const parent = many ? owner : resources.get(asId(other))
      const child = many ? other : owner.name
      if (child !== resource.name || parent === undefined) return []
      const [from, at] = many ? [to, field] : [field, to]
      return [{ from: asId<FieldName>(from), to: asId<FieldName>(at), resource: parent }]
    }),
  )
}
