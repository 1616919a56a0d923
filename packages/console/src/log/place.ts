import * as z from 'zod'

/** Where in a list a page starts. */
export interface Place {
  /** The entry the page comes after; absent on the first page. */
  readonly after: string | undefined
  /** Where the pages before this one started, the nearest last; `''` is the first page. */
  readonly trail: readonly string[]
}

/** Pages one can walk back without starting again. */
const TRAIL = 20

const cursorSchema = z.string().regex(/^[A-Za-z0-9._:~-]{1,240}$/)

export function readPlace(parameters: URLSearchParams): Place {
  const after = cursorSchema.safeParse(parameters.get('after'))
  return {
    after: after.success ? after.data : undefined,
    trail: parameters
      .getAll('back')
      .filter((cursor) => cursor === '' || cursorSchema.safeParse(cursor).success)
      .slice(-TRAIL),
  }
}

/** A key that is whatever it is, as a cursor can be. */
export function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url')
}

/** What of a list that was asked for with one entry too many stands on the page, and where the next page starts. */
export function pageOf<T>(
  found: readonly T[],
  size: number,
  keyOf: (entry: T) => string,
): { readonly shown: readonly T[]; readonly next: string | null } {
  const shown = found.slice(0, size)
  const last = shown.at(-1)
  return { shown, next: found.length > size && last !== undefined ? keyOf(last) : null }
}

/** The same of a list that is there whole; behind an entry that is gone it starts again. */
export function pageWithin<T>(
  list: readonly T[],
  { after }: Place,
  size: number,
  keyOf: (entry: T) => string,
): { readonly shown: readonly T[]; readonly next: string | null } {
  const start = after === undefined ? 0 : list.findIndex((entry) => keyOf(entry) === after) + 1
  return pageOf(list.slice(start, start + size + 1), size, keyOf)
}

/** The address of a list at another place; what narrows it stays. */
export function placeHref(url: URL, to: Partial<Place>): string {
  const parameters = new URLSearchParams(url.search)
  for (const name of ['after', 'back', 'done']) parameters.delete(name)
  writePlace(to, parameters)
  const query = parameters.toString()
  return query === '' ? url.pathname : `${url.pathname}?${query}`
}

export function writePlace({ after, trail = [] }: Partial<Place>, parameters: URLSearchParams): void {
  if (after !== undefined) parameters.set('after', after)
  for (const cursor of trail.slice(-TRAIL)) parameters.append('back', cursor)
}
