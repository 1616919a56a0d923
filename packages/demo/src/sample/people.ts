import { faker } from '@faker-js/faker/locale/it'
import type { Random } from './random.ts'

export type Sex = 'F' | 'M'

export interface PersonName {
  readonly sex: Sex
  readonly name: string
  readonly surname: string
}

type Names = readonly [string, ...string[]]

/** The names most people bear; faker's list is complete but gives Adalgisa as often as Anna. */
const COMMON: Readonly<Record<Sex, Names>> = {
  F: [
    ...([
      'Anna',
      'Maria',
      'Giulia',
      'Francesca',
      'Sara',
      'Chiara',
      'Elena',
      'Laura',
      'Paola',
      'Silvia',
    ] as const),
    ...[
      'Federica',
      'Martina',
      'Alessandra',
      'Valentina',
      'Rosa',
      'Angela',
      'Giovanna',
      'Teresa',
      'Lucia',
      'Carmela',
    ],
    ...[
      'Caterina',
      'Daniela',
      'Roberta',
      'Simona',
      'Cristina',
      'Barbara',
      'Monica',
      'Patrizia',
      'Elisa',
      'Ilaria',
    ],
  ],
  M: [
    ...([
      'Giuseppe',
      'Antonio',
      'Giovanni',
      'Mario',
      'Luigi',
      'Francesco',
      'Andrea',
      'Marco',
      'Luca',
    ] as const),
    ...[
      'Alessandro',
      'Roberto',
      'Paolo',
      'Stefano',
      'Salvatore',
      'Vincenzo',
      'Davide',
      'Simone',
      'Matteo',
      'Lorenzo',
    ],
    ...[
      'Fabio',
      'Massimo',
      'Claudio',
      'Pietro',
      'Domenico',
      'Michele',
      'Carlo',
      'Enrico',
      'Nicola',
      'Giorgio',
      'Sergio',
    ],
  ],
}

const { first_name: firstNames, last_name: lastNames } = faker.rawDefinitions.person as VocabularyOfNames
const RARE: Readonly<Record<Sex, Names>> = {
  F: ['Ada', ...firstNames.female],
  M: ['Ugo', ...firstNames.male],
}
const SURNAMES: Names = ['Rossi', ...lastNames.generic]

/** What the Italian locale holds; the library's own type makes every list optional. */
interface VocabularyOfNames {
  readonly first_name: { readonly female: readonly string[]; readonly male: readonly string[] }
  readonly last_name: { readonly generic: readonly string[] }
}

export function personName(random: Random): PersonName {
  const sex = random.pick(['F', 'M'])
  const name = random.pick(random.chance(0.93) ? COMMON[sex] : RARE[sex])
  return { sex, name, surname: random.pick(SURNAMES) }
}

/** `maria.derossi`: lower case, letters only. */
export function userNameOf({ name, surname }: Pick<PersonName, 'name' | 'surname'>): string {
  return `${asciiLetters(name)}.${asciiLetters(surname)}`
}

function asciiLetters(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase()
}
