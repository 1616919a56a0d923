import type { Opening } from '@varco/access-log'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Visit } from '../visit/visit.ts'
import { alertsText } from './text.ts'

/** Who opened the same identity before. */
export function EarlierOpenings(props: { visit: Visit; openings: readonly Opening[] }): JSX.Element | null {
  const { visit, openings } = props
  const t = alertsText[visit.locale]
  if (openings.length === 0) return null
  return (
    <section class="panel">
      <h2 class="h5">{t.openingsTitle}</h2>
      <ol class="history">
        {openings.map(({ at, caseId, requestedBy, approvedBy }) => (
          <li>
            <time datetime={visit.formats.machine(at)}>{visit.formats.instant(at)}</time>
            <code>{caseId}</code>, {t.openedBy(requestedBy, approvedBy)}
          </li>
        ))}
      </ol>
    </section>
  )
}
