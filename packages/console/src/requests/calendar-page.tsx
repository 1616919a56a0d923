import { deadlineOf, type DataSubjectRequest, type OfficeCalendar } from '@varco/reports'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Temporal } from 'temporal-polyfill'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import type { Visit } from '../visit/visit.ts'
import { dayInWords } from './plain-day.ts'
import { RequestBadge } from './request-badge.tsx'
import { requestHref } from './requests-page.tsx'
import { RequestsFrame } from './requests-frame.tsx'
import { requestsText } from './text.ts'

export interface CalendarPageProps {
  readonly visit: Visit
  readonly calendar: OfficeCalendar
  readonly month: Temporal.PlainYearMonth
  readonly today: Temporal.PlainDate
  /** Open ones. */
  readonly requests: readonly DataSubjectRequest[]
}

interface Due {
  readonly request: DataSubjectRequest
  readonly due: Temporal.PlainDate
}

/** A month with the days on which answers are due; the same as a list, for whom a grid says nothing. */
export function CalendarPage({ visit, calendar, month, today, requests }: CalendarPageProps): JSX.Element {
  const t = requestsText[visit.locale]
  const { formats } = visit
  const dues = requests
    .flatMap((request): Due[] => {
      const deadline = deadlineOf(request, calendar)
      return deadline === null ? [] : [{ request, due: deadline.due }]
    })
    .filter(({ due }) => due.toPlainYearMonth().equals(month))
    .sort((a, b) => a.due.toString().localeCompare(b.due.toString()))
  const first = month.toPlainDate({ day: 1 })
  const title = dayInWords(first, formats, calendar.timeZone).replace(/^1°?\s+/, '')
  const goTo = (months: number): string => `/requests/calendar?month=${month.add({ months }).toString()}`
  return (
    <RequestsFrame visit={visit} section="calendar">
      <div class="month-title">
        <a href={goTo(-1)}>← {t.previous}</a>
        <h2 class="h4">{title}</h2>
        <a href={goTo(1)}>{t.next} →</a>
      </div>
      <div class="scroller month-grid" role="region" aria-label={title} tabindex={0}>
        <table class="table month">
          <caption class="visually-hidden">
            {t.inMonth}: {title}
          </caption>
          <thead>
            <tr>
              {t.weekdays.map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksOf(month).map((week) => (
              <tr>
                {week.map((day) => (
                  <Day visit={visit} calendar={calendar} day={day} today={today} dues={dues} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {dues.length === 0 ? (
        <Empty icon="calendar">{t.noDue}</Empty>
      ) : (
        <ListTable
          caption={t.inMonth}
          titled
          columns={[t.due, t.number, t.right, t.state]}
          rows={dues.map(({ request, due }) => [
            dayInWords(due, formats, calendar.timeZone),
            <a href={requestHref(request.id)}>{request.id}</a>,
            t.rights[request.right],
            <RequestBadge visit={visit} request={request} calendar={calendar} />,
          ])}
        />
      )}
    </RequestsFrame>
  )
}

function Day(props: {
  visit: Visit
  calendar: OfficeCalendar
  day: Temporal.PlainDate | null
  today: Temporal.PlainDate
  dues: readonly Due[]
}): JSX.Element {
  const { visit, calendar, day, today, dues } = props
  const t = requestsText[visit.locale]
  if (day === null) return <td />
  const free = day.dayOfWeek >= 6 || calendar.isHoliday(day)
  const here = dues.filter(({ due }) => due.equals(day))
  return (
    <td class={free ? 'free' : ''} aria-current={day.equals(today) ? 'date' : undefined}>
      <span class="day-number">{day.day}</span>
      {calendar.isHoliday(day) ? <small>{t.holiday}</small> : null}
      {here.map(({ request }) => (
        <a href={requestHref(request.id)}>{request.id}</a>
      ))}
    </td>
  )
}

/** The month in weeks from Monday; `null` for days of the months beside. */
function weeksOf(month: Temporal.PlainYearMonth): readonly (readonly (Temporal.PlainDate | null)[])[] {
  const first = month.toPlainDate({ day: 1 })
  const before = first.dayOfWeek - 1
  const cells = Math.ceil((before + month.daysInMonth) / 7) * 7
  const days = Array.from({ length: cells }, (_, index) => {
    const day = index - before
    return day < 0 || day >= month.daysInMonth ? null : first.add({ days: day })
  })
  return Array.from({ length: cells / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
}
