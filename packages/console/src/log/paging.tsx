import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import type { Visit } from '../visit/visit.ts'
import type { Place } from './place.ts'
import { logText } from './text.ts'

export interface PagingProps {
  readonly visit: Visit
  readonly place: Place
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  /** The address of the same list at another place. */
  readonly href: (to: Partial<Place>) => string
}

/**
 * Newer and older, by key and not by number: a page stays what it was while the log grows. The way back is
 * the trail of the pages walked through.
 */
export function Paging({ visit, place, next, href }: PagingProps): JSX.Element | null {
  const { after, trail } = place
  const t = logText[visit.locale]
  const newer = trail.at(-1)
  if (after === undefined && next === null) return null
  return (
    <nav class="paging" aria-label={t.pages}>
      {after === undefined ? null : (
        <a class="btn btn-outline-primary btn-sm" href={href({})}>
          {t.newest}
        </a>
      )}
      {after === undefined || newer === undefined ? null : (
        <a
          class="btn btn-outline-primary btn-sm btn-icon"
          rel="prev"
          href={href({ after: newer === '' ? undefined : newer, trail: trail.slice(0, -1) })}
        >
          <Icon name="chevron-left" class="icon-primary icon-sm" />
          <span>{t.newer}</span>
        </a>
      )}
      {next === null ? null : (
        <a
          class="btn btn-primary btn-sm btn-icon older"
          rel="next"
          href={href({ after: next, trail: [...trail, after ?? ''] })}
        >
          <span>{t.older}</span>
          <Icon name="chevron-right" class="icon-white icon-sm" />
        </a>
      )}
    </nav>
  )
}
