import type { JSX } from 'hono/jsx/jsx-runtime'
import { logHref } from '../log/log-filters.ts'
import { may } from '../visit/may.ts'
import type { Visit } from '../visit/visit.ts'
import { alertsText } from './text.ts'

/** From a pseudonym to its accesses, for whoever may read the log. */
export function AllOfPerson({ visit, operator }: { visit: Visit; operator: string }): JSX.Element | null {
  if (!may(visit, 'read-log')) return null
  return (
    <a href={logHref({ filters: { operator }, subject: undefined })}>
      {alertsText[visit.locale].allOfPerson}
    </a>
  )
}
