import { readPlace, writePlace, type Place } from '../log/place.ts'

/** Which of one's own pseudonyms, and where in its list. */
export interface MePlace extends Place {
  readonly pseudonym: string | undefined
}

export function parseMePlace(parameters: URLSearchParams): MePlace {
  return { ...readPlace(parameters), pseudonym: parameters.get('as') ?? undefined }
}

export function meHref({ pseudonym }: Pick<MePlace, 'pseudonym'>, to: Partial<Place>): string {
  const parameters = new URLSearchParams(pseudonym === undefined ? {} : { as: pseudonym })
  writePlace(to, parameters)
  const query = parameters.toString()
  return query === '' ? '/me' : `/me?${query}`
}
