import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Visit } from '../visit/visit.ts'
import { Paging } from './paging.tsx'
import { placeHref, readPlace } from './place.ts'

/** Newer and older of a list whose address holds all that narrows it. */
export function ListPaging({ visit, next }: { visit: Visit; next: string | null }): JSX.Element {
  const { url } = visit
  return (
    <Paging visit={visit} place={readPlace(url.searchParams)} next={next} href={(to) => placeHref(url, to)} />
  )
}
