import type { WriterState } from '@varco/access-log'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import { CoverageBanner } from '../log/coverage-banner.tsx'
import { calendarDay, logHref, type LogFilters } from '../log/log-filters.ts'
import { reasonInWords } from '../log/reason-in-words.ts'
import { logText } from '../log/text.ts'
import type { Visit } from '../visit/visit.ts'
import type { DaySummary, Tally } from './day-summary.ts'
import { HourChart } from './hour-chart.tsx'
import { MonthChart } from './month-chart.tsx'
import type { LogStanding } from './log-health.ts'
import { LogState } from './log-state.tsx'
import { homeText } from './text.ts'
import { WaitingList } from './waiting-list.tsx'
import type { Waiting } from './waiting.ts'
import type { WorkByMonth } from './work-by-month.ts'

export interface HomePageProps {
  readonly visit: Visit
  readonly summary: DaySummary
  readonly writers: readonly WriterState[]
  readonly standing: LogStanding
  readonly waiting: Waiting
  readonly work: WorkByMonth
}

/** What has passed the gate today, and how the log stands. */
export function HomePage(props: HomePageProps): JSX.Element {
  const { visit, summary, writers, standing, waiting, work } = props
  const t = homeText[visit.locale]
  const words = logText[visit.locale]
  const { number } = visit.formats
  const today = calendarDay(visit.now, visit.timeZone)
  const todays = (filters: LogFilters): string =>
    logHref({ filters: { from: today, to: today, ...filters }, subject: undefined })
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <Page visit={visit} title={t.title} lead={t.lead(visit.formats.ownDay(visit.now))}>
      <WaitingList visit={visit} waiting={waiting} />
      <CoverageBanner visit={visit} gaps={waiting.gaps} />
      <div class="figures">
        <Figure
          title={t.total}
          value={number(summary.permit + summary.deny)}
          href={todays({})}
          visit={visit}
        />
        <Figure
          title={t.permitted}
          value={number(summary.permit)}
          href={todays({ decision: 'permit' })}
          visit={visit}
          tone="permit"
          note={t.ofWhichMasked(number(summary.masked))}
        />
        <Figure
          title={t.denied}
          value={number(summary.deny)}
          href={todays({ decision: 'deny' })}
          visit={visit}
          tone="deny"
        />
      </div>
      {summary.permit + summary.deny === 0 ? (
        <div class="empty">
          <Icon name="clock" class="icon-lg icon-primary" />
          <p>{t.noneYet}</p>
        </div>
      ) : (
        <>
          <HourChart visit={visit} summary={summary} />
          <div class="two-columns">
            <TallyTable
              visit={visit}
              title={t.byContractor}
              column={t.contractor}
              rows={summary.byProcessor.map(([processor, tally]) => ({
                tally,
                title:
                  processor === null ? (
                    words.body
                  ) : (
                    <a href={todays({ processor })}>{names.processor(processor)}</a>
                  ),
              }))}
            />
            <TallyTable
              visit={visit}
              title={t.byPurpose}
              column={t.purpose}
              rows={summary.byPurpose.map(([purpose, tally]) => ({
                tally,
                title:
                  purpose === null ? t.noPurpose : <a href={todays({ purpose })}>{names.purpose(purpose)}</a>,
              }))}
            />
          </div>
          <Refusals visit={visit} summary={summary} />
        </>
      )}
      <MonthChart
        visit={visit}
        title={t.monthsByContractor}
        months={work.months}
        series={work.byCompany}
        nameOf={(of) => (of === null ? words.body : names.processor(of))}
      />
      <MonthChart
        visit={visit}
        title={t.monthsByPurpose}
        months={work.months}
        series={work.byPurpose}
        nameOf={(of) => (of === null || of === '' ? t.noPurpose : names.purpose(of))}
      />
      <LogState visit={visit} writers={writers} standing={standing} />
    </Page>
  )
}

function Figure(props: {
  visit: Visit
  title: string
  value: string
  href: string
  tone?: 'permit' | 'deny'
  note?: string
}): JSX.Element {
  const { visit, title, value, href, tone, note } = props
  return (
    <section class={`figure ${tone ?? ''}`}>
      <h2>{title}</h2>
      <p class="value">{value}</p>
      {note === undefined ? null : <p class="note">{note}</p>}
      <a href={href}>
        {homeText[visit.locale].seeThem}
        <span class="visually-hidden">: {title}</span>
        <Icon name="arrow-right" class="icon-sm icon-primary" />
      </a>
    </section>
  )
}

function TallyTable(props: {
  visit: Visit
  title: string
  column: string
  rows: readonly { readonly title: Child; readonly tally: Tally }[]
}): JSX.Element {
  const { visit, title, column, rows } = props
  const words = logText[visit.locale]
  const { number } = visit.formats
  const most = Math.max(1, ...rows.map(({ tally }) => tally.permit + tally.deny))
  return (
    <section>
      <h2 class="h5">{title}</h2>
      <table class="table table-sm tallies">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{column}</th>
            <th scope="col" class="number">
              {words.permit}
            </th>
            <th scope="col" class="number">
              {words.deny}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title: name, tally }) => (
            <tr>
              <th scope="row">
                {name}
                <Bar tally={tally} most={most} />
              </th>
              <td class="number">{number(tally.permit)}</td>
              <td class="number">{number(tally.deny)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The row's figures once more, as length; drawn in SVG because the page's policy allows no inline style. */
function Bar({ tally, most }: { tally: Tally; most: number }): JSX.Element {
  const permit = (tally.permit / most) * 100
  const deny = (tally.deny / most) * 100
  return (
    <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="permit" x="0" y="0" width={permit} height="4" />
      <rect class="deny" x={permit} y="0" width={deny} height="4" />
    </svg>
  )
}

function Refusals({ visit, summary }: { visit: Visit; summary: DaySummary }): JSX.Element | null {
  const t = homeText[visit.locale]
  if (summary.byReason.length === 0) return null
  return (
    <section>
      <h2 class="h5">{t.whyDenied}</h2>
      <table class="table table-sm">
        <caption class="visually-hidden">{t.whyDenied}</caption>
        <thead>
          <tr>
            <th scope="col">{t.reason}</th>
            <th scope="col" class="number">
              {t.count}
            </th>
          </tr>
        </thead>
        <tbody>
          {summary.byReason.map(([reason, count]) => (
            <tr>
              <th scope="row">{reasonInWords(reason, visit.locale)}</th>
              <td class="number">{visit.formats.number(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
