import type { Locale } from '@varco/core'
import { toCsv } from '../report/csv.ts'
import { sayIn } from '../report/say.ts'
import type { BreachedPerson } from './make-breach-scope.ts'

/** The people to whom the breach is communicated (Art. 34), one a line. Personal data: a restricted file. */
export function breachedPeopleCsv(people: readonly BreachedPerson[], locale: Locale): string {
  const say = sayIn(locale)
  return toCsv(
    [
      say('Tipo', 'Kind'),
      say('Codice', 'Key'),
      say('Nome', 'Name'),
      say('Schede viste', 'Records seen'),
      say('Categorie in chiaro', 'Categories in plain'),
      say('Categorie mascherate', 'Categories masked'),
    ],
    people.map(({ ref, kind, name, records, plain, masked }) => [
      kind,
      ref.id,
      name.join(' '),
      records,
      plain.join(', '),
      masked.join(', '),
    ]),
  )
}
