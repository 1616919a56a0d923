import { daysLeft, deadlineOf, type DataSubjectRequest, type OfficeCalendar } from '@varco/reports'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { StateBadge } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { requestsText } from './text.ts'

/** Fewer days than this ask for somebody's attention. */
export const SOON_DAYS = 7

/** Where a request stands: its outcome, or how long is left for it. */
export function RequestBadge(props: {
  visit: Visit
  request: DataSubjectRequest
  calendar: OfficeCalendar
}): JSX.Element {
  const { visit, request, calendar } = props
  const t = requestsText[visit.locale]
  if (request.outcome !== null) {
    const { kind } = request.outcome
    return (
      <StateBadge tone={kind === 'answered' ? 'permit' : 'note'} icon="check-circle">
        {t.outcomes[kind]}
      </StateBadge>
    )
  }
  const deadline = deadlineOf(request, calendar)
  if (deadline === null) {
    return (
      <StateBadge tone="note" icon="clock">
        {t.waiting}
      </StateBadge>
    )
  }
  const left = daysLeft(deadline, visit.now, calendar.timeZone)
  if (left < 0) {
    return (
      <StateBadge tone="deny" icon="warning-circle">
        {t.overdue(-left)}
      </StateBadge>
    )
  }
  return (
    <StateBadge tone={left < SOON_DAYS ? 'warning' : 'note'} icon="calendar">
      {left === 0 ? t.today : t.left(left)}
    </StateBadge>
  )
}
