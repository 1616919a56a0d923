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

const cursorSchema = z.string().regex(/^[A-Za-z0-9._:~-]{1,160}$/)

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

export function writePlace({ after, trail = [] }: Partial<Place>, parameters: URLSearchParams): void {
  if (after !== undefined) parameters.set('after', after)
  for (const cursor of trail.slice(-TRAIL)) parameters.append('back', cursor)
}
