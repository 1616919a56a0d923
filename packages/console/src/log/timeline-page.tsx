import type { JSX } from 'hono/jsx/jsx-runtime'
import { Empty } from '../layout/empty.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { FilterChips } from './filter-chips.tsx'
import { logHref, startOfDay, type LogFilters } from './log-filters.ts'
import { logText } from './text.ts'
import type { Timeline } from './timeline.ts'

/** The events that the filters find, by day; each day leads to its list. */
export function TimelinePage(props: { visit: Visit; filters: LogFilters; timeline: Timeline }): JSX.Element {
  const { visit, filters, timeline } = props
  const t = logText[visit.locale]
  const { number, ownDay: dayInWords } = visit.formats
  const { timeZone } = visit
  const most = Math.max(1, ...timeline.days.map(({ permit, deny, other }) => permit + deny + other))
  return (
    <Page visit={visit} title={t.timeline} above={[{ title: t.title, href: '/log' }]} lead={t.timelineLead}>
      <FilterChips visit={visit} filters={filters} subject={undefined} />
      {timeline.complete ? null : (
        <p class="alert alert-info">{t.timelinePartial(number(timeline.counted))}</p>
      )}
      {timeline.days.length === 0 ? (
        <Empty>{t.noResult}</Empty>
      ) : (
        <table class="table table-sm tallies">
          <caption class="visually-hidden">{t.timeline}</caption>
          <thead>
            <tr>
              <th scope="col">{t.timelineDay}</th>
              <th scope="col" class="number">
                {t.permit}
              </th>
              <th scope="col" class="number">
                {t.deny}
              </th>
              <th scope="col" class="number">
                {t.administrative}
              </th>
            </tr>
          </thead>
          <tbody>
            {timeline.days.map(({ day, permit, deny, other }) => (
              <tr>
                <th scope="row">
                  <a href={logHref({ filters: { ...filters, from: day, to: day }, subject: undefined })}>
                    {dayInWords(startOfDay(day, timeZone, 0))}
                  </a>
                  <DayBar parts={[permit, deny, other]} most={most} />
                </th>
                <td class="number">{number(permit)}</td>
                <td class="number">{number(deny)}</td>
                <td class="number">{number(other)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  )
}

const CLASSES = ['permit', 'deny', 'other'] as const

/** The row's figures once more, as length. */
function DayBar({ parts, most }: { parts: readonly number[]; most: number }): JSX.Element {
  const widths = parts.map((part) => (part / most) * 100)
  return (
    <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {widths.map((width, index) => (
        <rect
          class={CLASSES[index]}
          x={widths.slice(0, index).reduce((sum, one) => sum + one, 0)}
          y="0"
          width={width}
          height="4"
        />
      ))}
    </svg>
  )
}
