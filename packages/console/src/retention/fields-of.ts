import type { FieldType } from '@varco/policy'
import type { Option } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'

/** A resource's fields of some types, as a list to choose from. */
export function fieldsOf(
  { bundle, locale }: Pick<Visit, 'bundle' | 'locale'>,
  resource: string,
  isWanted: (type: FieldType) => boolean,
): readonly Option[] {
  const names = namesOf(bundle, locale)
  const file = bundle.document.catalogue.find((each) => each.resource === resource)
  return Object.entries(file?.fields ?? {})
    .filter(([, { type }]) => isWanted(type))
    .map(([value]) => ({ value, title: names.field(resource, value) }))
}
