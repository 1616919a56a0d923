import type { Option } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { entryOf } from './read-named.ts'

/** How a form words what `readNamed` reads. */
export interface NamedWords {
  readonly record: (resource: string) => string
  readonly 'data-subject': (kind: string) => string
}

/** The list a form's key is of: each resource, and each kind of data subject. */
export function namedChoices({ bundle, locale }: Visit, words: NamedWords): readonly Option[] {
  const names = namesOf(bundle, locale)
  return [
    ...[...bundle.resources.keys()].map((value) => ({ value, title: words.record(names.resource(value)) })),
    ...Object.keys(bundle.document.varco.data_subjects).map((kind) => ({
      value: entryOf(kind),
      title: words['data-subject'](names.dataSubject(kind)),
    })),
  ]
}
