import { asId, type DataSubjectRef, type FieldName } from '@varco/core'
import type { Bundle, Resource } from '@varco/policy'

/** How a record is told to be a data subject's: it names them, or it is about nobody and points at one that does. */
export type Belonging =
  | { readonly kind: 'named'; readonly field: FieldName; readonly id: string }
  | { readonly kind: 'pointing'; readonly ways: readonly Way[] }

/** Records that have in `from` what a data subject's record has in `to`. */
export interface Way {
  readonly from: FieldName
  readonly to: FieldName
  readonly resource: Resource
  readonly of: Belonging
}

/** `null`: no record of the resource can be the data subject's. */
export function belongingTo(
  bundle: Bundle,
  resource: Resource,
  dataSubject: DataSubjectRef,
  on: readonly Resource[] = [],
): Belonging | null {
  if (resource.dataSubject !== null) {
    const { kind, field } = resource.dataSubject
    return kind === dataSubject.kind ? { kind: 'named', field, id: dataSubject.id } : null
  }
  const ways = waysUp(bundle, resource)
    .filter((way) => way.resource !== resource && !on.includes(way.resource))
    .flatMap((way) => {
      const of = belongingTo(bundle, way.resource, dataSubject, [...on, resource])
      return of === null ? [] : [{ ...way, of }]
    })
  return ways.length === 0 ? null : { kind: 'pointing', ways }
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
