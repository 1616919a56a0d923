import { subjectLookup } from '@varco/access-log'
import { UnavailableError, type DataSubjectRef, type Micros } from '@varco/core'
import { oversightSettings, storedRelation, type Bundle } from '@varco/policy'
import type { KeyObject } from 'node:crypto'
import pg from 'pg'
import type { Database } from './database.ts'
import { uuidText } from './log-search.ts'

/** What is known of a person who works, as their employer gives it. Never kept as such. */
export interface StaffIdentity {
  readonly pseudonym: string
  readonly taxCode: string | null
  readonly surname: string | null
  readonly address: string | null
  readonly municipality: string | null
}

export type WatchList = 'vip' | 'canary'

export interface PeopleIndex {
  /** Makes the hashes of all data subjects anew from the body's records; returns how many. */
  indexPeople(bundle: Bundle): Promise<number>
  /** Keeps the hashes of who works. */
  enrolStaff(people: readonly StaffIdentity[]): Promise<void>
  /** Puts a data subject on a list; who put them there and why is kept. */
  putOnList(
    list: WatchList,
    person: DataSubjectRef,
    put: { readonly by: string; readonly at: Micros; readonly reason: string },
  ): Promise<void>
}

interface Person {
  readonly id: string
  readonly taxCode: string | null
  readonly surname: string | null
  readonly address: string | null
  readonly municipality: string | null
  readonly region: string | null
  readonly vip: boolean
}

/** Namespaces of the hashes: no kind of data subject has a colon in its name. */
type Hashed = 'identity' | 'household' | 'family' | 'place'

const CHUNK = 5_000

/**
 * Turns what the body's records say of people into keyed hashes, which can be compared and say nothing by themselves. The
 * key is the log's own, kept outside the database.
 */
export function postgresPeopleIndex(
  { state, records }: Readonly<Record<'state' | 'records', Pick<Database, 'pool'>>>,
  key: KeyObject,
): PeopleIndex {
  const lookup = subjectLookup(key)
  const hashed = (kind: Hashed, ...parts: readonly (string | null)[]): string | null =>
    parts.some((part) => part === null || part.trim() === '')
      ? null
      : uuidText(lookup({ kind: `kin:${kind}`, id: parts.map((part) => normal(part ?? '')).join('\0') }))
  return {
    indexPeople: (bundle) =>
      available(async () => {
        let count = 0
        for (const kind of Object.keys(oversightSettings(bundle).people)) {
          const people = await peopleOf(records.pool, bundle, kind)
          const chance = chanceOf(people)
          const rows = people.map((person) => ({
            lookup: uuidText(lookup({ kind, id: person.id })),
            identity: hashed('identity', person.taxCode),
            household: hashed('household', person.address, person.municipality),
            family: hashed('family', person.surname, person.municipality),
            chance: chance(person),
            place: hashed('place', person.municipality),
            region: person.region,
            vip: person.vip,
          }))
          for (let at = 0; at < rows.length; at += CHUNK)
            await state.pool.query(PUT_PEOPLE, [JSON.stringify(rows.slice(at, at + CHUNK))])
          count += rows.length
        }
        return count
      }),
    enrolStaff: (people) =>
      available(async () => {
        const rows = people.map(({ pseudonym, taxCode, surname, address, municipality }) => ({
          pseudonym,
          identity: hashed('identity', taxCode),
          household: hashed('household', address, municipality),
          family: hashed('family', surname, municipality),
        }))
        await state.pool.query(PUT_STAFF, [JSON.stringify(rows)])
      }),
    putOnList: (list, person, { by, at, reason }) =>
      available(async () => {
        await state.pool.query(
          `INSERT INTO varco.oversight_lists (lookup, list, put_by, put_us, reason) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT DO NOTHING`,
          [uuidText(lookup(person)), list, by, at, reason],
        )
      }),
  }
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new UnavailableError('oversight', { cause })
  }
}

const PUT_PEOPLE = `INSERT INTO varco.oversight_people (lookup, identity, household, family, chance, place, region, vip)
  SELECT lookup, identity, household, family, chance, place, region, vip
  FROM json_populate_recordset(NULL::varco.oversight_people, $1)
  ON CONFLICT (lookup) DO UPDATE SET identity = excluded.identity, household = excluded.household,
    family = excluded.family, chance = excluded.chance, place = excluded.place, region = excluded.region, vip = excluded.vip`

const PUT_STAFF = `INSERT INTO varco.oversight_staff (pseudonym, identity, household, family)
  SELECT pseudonym, identity, household, family FROM json_populate_recordset(NULL::varco.oversight_staff, $1)
  ON CONFLICT (pseudonym) DO UPDATE SET identity = excluded.identity, household = excluded.household, family = excluded.family`

async function peopleOf(pool: pg.Pool, bundle: Bundle, kind: string): Promise<readonly Person[]> {
  const fields = oversightSettings(bundle).people[kind] ?? {}
  const resource = bundle.resources.get(bundle.document.varco.data_subjects[kind]?.resource as never)
  if (resource === undefined) return []
  const column = (name: string | undefined): string =>
    name === undefined ? 'NULL' : `${pg.escapeIdentifier(name)}::text`
  const { schema, table } = storedRelation(resource)
  const { rows } = await pool.query<(string | null)[]>({
    text: `SELECT ${[resource.dataSubject?.field ?? resource.key, fields.tax_code, fields.surname, fields.address, fields.municipality, fields.region, fields.vip].map(column).join(', ')}
      FROM ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`,
    rowMode: 'array',
  })
  return rows.map(
    ([id = '', taxCode = null, surname = null, address = null, municipality = null, region = null, vip]) => ({
      ...{ id: id ?? '', taxCode, surname, address, municipality, region },
      vip: vip === 'true',
    }),
  )
}

/** How many others of the surname one would expect in the municipality if surnames were spread evenly: common names in large towns say nothing. */
function chanceOf(people: readonly Person[]): (person: Person) => number | null {
  const named = people.filter(({ surname }) => surname !== null)
  const count = (keyOf: (person: Person) => string): ReadonlyMap<string, number> =>
    new Map([...Map.groupBy(named, keyOf)].map(([key, group]) => [key, group.length]))
  const surnames = count(({ surname }) => normal(surname ?? ''))
  const places = count(({ municipality }) => normal(municipality ?? ''))
  return ({ surname, municipality }) => {
    if (surname === null || municipality === null) return null
    const share = (surnames.get(normal(surname)) ?? 0) / named.length
    return Math.round(share * (places.get(normal(municipality)) ?? 0) * 1_000) / 1_000
  }
}

/** As two clerks would write it: letters and digits alone, no accents. */
function normal(text: string): string {
  return text
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, ' ')
    .trim()
}
