import { asId, type DataSubjectRef } from '@varco/core'
import type { Bundle, Resource } from '@varco/policy'
import type { RecordsOfResource } from '../ports.ts'
import type { Say } from '../report/say.ts'
import type { SubjectReport } from './report.ts'

type Copy = SubjectReport['copy'][number]
type Value = Copy['records'][number]['values'][number]

const WITHHELD: Value = { withheld: 'third-parties' }

/** The copy of the data (Art. 15(3)), without what is about other people (Art. 15(4)). */
export function copyRecords(
  bundle: Bundle,
  held: readonly RecordsOfResource[],
  dataSubjects: readonly DataSubjectRef[],
  say: Say,
): Copy[] {
  const own = new Set(dataSubjects.map((dataSubject) => dataSubject.id))
  return held.flatMap(({ resource: name, records }) => {
    const resource = bundle.resources.get(name)
    if (resource === undefined) return []
    const fields = Object.entries(resource.document.fields)
    const pointers = personPointers(bundle, resource)
    return [
      {
        resource: { id: name, title: say.of(resource.document.title) },
        fields: fields.map(([id, field]) => ({
          id,
          title: say.of(field.title),
          type: field.type,
          category: say.of(
            bundle.document.varco.categories[field.category]?.title ?? {
              it: field.category,
              en: field.category,
            },
          ),
        })),
        records: records.map((record) => ({
          key: record.key,
          values: fields.map(([id, field]) => {
            const value = record.values.get(asId(id)) ?? null
            if (value === null) return null
            return field.third_parties === true || (pointers.has(id) && !own.has(value)) ? WITHHELD : value
          }),
        })),
      },
    ]
  })
}

/** Fields that hold some data subject's key: when it is another's, it is a third party's. */
function personPointers(bundle: Bundle, resource: Resource): ReadonlySet<string> {
  const people = new Set(Object.values(bundle.document.varco.data_subjects).map((kind) => kind.resource))
  return new Set(
    Object.values(resource.document.relations)
      .filter(({ many, resource: target, to }) => {
        const person = bundle.resources.get(asId(target))
        return !many && people.has(target) && person?.dataSubject?.field === to
      })
      .map((relation) => relation.field),
  )
}
