import type { DeclaredRow, DriftRow, ScopeDrift } from '@varco/oversight'
import type { Contract } from '@varco/policy'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import { policiesText } from '../policies/text.ts'
import { ReportLink } from '../reports/report-link.tsx'
import { may } from '../visit/may.ts'
import type { Visit } from '../visit/visit.ts'
import { ContractFrame } from './contract-frame.tsx'
import { contractWords } from './contract-words.ts'
import { PeriodForm } from './period-form.tsx'
import type { Period } from './period.ts'

/** Events that a row leads to. */
const EXAMPLES = 3

/** What a contract was worked on, held against its annex. The contract's figures; no operator is in them. */
export function DriftPage(props: {
  visit: Visit
  contract: Contract
  period: Period
  drift: ScopeDrift
}): JSX.Element {
  const { visit, contract, period, drift } = props
  const t = contractWords[visit.locale]
  return (
    <ContractFrame
      visit={visit}
      contract={contract}
      section="drift"
      lead={t.driftLead}
      aside={
        <ReportLink
          visit={visit}
          kind="drift"
          of={{ contract: contract.id, from: period.from, to: period.to }}
        >
          {t.asDocument}
        </ReportLink>
      }
    >
      <PeriodForm visit={visit} period={period} />
      <Running visit={visit} drift={drift} />
      {drift.months.length === 0 ? null : drift.accesses === 0 ? (
        <Empty>{t.driftNone}</Empty>
      ) : (
        <>
          <Verdict visit={visit} drift={drift} />
          {(['purpose', 'action', 'category'] as const).map((dimension) => (
            <section>
              <h2 class="h4">{t.dimensions[dimension]}</h2>
              <DriftTable visit={visit} drift={drift} dimension={dimension} />
              <Months visit={visit} drift={drift} dimension={dimension} />
            </section>
          ))}
        </>
      )}
      <Declared visit={visit} drift={drift} />
      <p class="hint">{t.heldBack(drift.minGroup)}</p>
    </ContractFrame>
  )
}

/** Drift is seen within a week, though its numbers wait for the month's end. */
function Running({ visit, drift: { running } }: { visit: Visit; drift: ScopeDrift }): JSX.Element | null {
  const t = contractWords[visit.locale]
  if (running === null || running.outside.length === 0) return null
  const names = running.outside.map(
    ({ dimension, value, title }) => `${title?.[visit.locale] ?? value} (${t.dimensions[dimension]})`,
  )
  return (
    <p class="alert alert-warning">
      {t.runningOutside([...new Set(names)].join(', '), visit.formats.day(running.until))}
    </p>
  )
}

/** How much of the work the annex does not cover; where that would tell of few people, that there is some. */
function Verdict({ visit, drift }: { visit: Visit; drift: ScopeDrift }): JSX.Element {
  const t = contractWords[visit.locale]
  const { number } = visit.formats
  const { accesses, outside, outsideAtLeast } = drift
  const covered = drift.rows.purpose.every(({ contracted }) => contracted)
  const words = (): string => {
    if (accesses === null || outside === null) return covered ? t.insideUncounted : t.outsideUncounted
    if (covered) return t.inside(number(accesses))
    if (outside === 0) return t.outsideUncounted
    return (outsideAtLeast ? t.outsideAtLeast : t.outside)(percent(visit, outside), number(accesses))
  }
  return <p class={`alert ${covered ? 'alert-success' : 'alert-warning'}`}>{words()}</p>
}

/** What workers declared without their names: no access shows it, and no event of the log tells of one declaration. */
function Declared({ visit, drift }: { visit: Visit; drift: ScopeDrift }): JSX.Element {
  const t = contractWords[visit.locale]
  const { rows, months, hours } = drift.declared
  return (
    <section>
      <h2 class="h4">{t.declaredTitle}</h2>
      <p>{t.declaredLead}</p>
      {months.length === 0 ? (
        <Empty>{t.declaredNone}</Empty>
      ) : (
        <>
          <ListTable
            caption={t.declaredTitle}
            columns={[t.dimensions.purpose, t.contracted, t.hours, t.byMonth]}
            rows={rows.map((row) => [
              row.title?.[visit.locale] ?? row.value,
              <Contracted visit={visit} row={row} />,
              counted(visit, row.hours),
              <ul class="plain-list">
                {row.monthly.map((each) => (
                  <li>
                    {each.month}: {counted(visit, each.hours)}
                  </li>
                ))}
              </ul>,
            ])}
          />
          <p>
            {t.declaredAll}: {counted(visit, hours)}
          </p>
          <details class="mb-4">
            <summary>{t.declaredCheck}</summary>
            <ListTable
              caption={t.declaredCheck}
              columns={[t.month, t.keyDigest, t.evidence, t.unsigned]}
              rows={months.map(({ month, key, evidence, unsigned }) => [
                month,
                <code>{key}</code>,
                <code>{evidence.join(' ')}</code>,
                visit.formats.number(unsigned),
              ])}
            />
          </details>
        </>
      )}
    </section>
  )
}

function Contracted({
  visit,
  row,
}: {
  visit: Visit
  row: Pick<DeclaredRow, 'contracted' | 'clause'>
}): JSX.Element {
  const t = contractWords[visit.locale]
  return (
    <>
      <StateBadge
        tone={row.contracted ? 'permit' : 'warning'}
        icon={row.contracted ? 'check' : 'warning-circle'}
      >
        {row.contracted ? t.yes : t.no}
      </StateBadge>
      {row.clause === null ? null : <small class="d-block">{row.clause}</small>}
    </>
  )
}

type Dimension = keyof ScopeDrift['rows']

function DriftTable(props: { visit: Visit; drift: ScopeDrift; dimension: Dimension }): JSX.Element {
  const { visit, drift, dimension } = props
  const t = contractWords[visit.locale]
  const { day } = visit.formats
  const mayReadLog = may(visit, 'read-log')
  return (
    <ListTable
      caption={t.dimensions[dimension]}
      columns={[
        ...[t.dimensions[dimension], t.contracted, t.accesses, t.refused, t.share, t.trend, t.firstSeen],
        ...(mayReadLog ? [t.evidence] : []),
      ]}
      rows={drift.rows[dimension].map((row) => [
        titleOf(visit, dimension, row),
        <Contracted visit={visit} row={row} />,
        counted(visit, row.count),
        counted(visit, row.refused),
        row.share === null ? <Held visit={visit} /> : percent(visit, row.share),
        row.trend === null ? '–' : t.perMonth(points(visit, row.trend)),
        day(row.firstSeen),
        ...(mayReadLog ? [<Examples events={row.evidence} />] : []),
      ])}
    />
  )
}

function Examples({ events }: { events: readonly string[] }): JSX.Element {
  return (
    <>
      {events.slice(0, EXAMPLES).map((event, index) => (
        <>
          {index === 0 ? '' : ' '}
          <a href={`/log/events/${encodeURIComponent(event)}`}>{event}</a>
        </>
      ))}
    </>
  )
}

function Months(props: { visit: Visit; drift: ScopeDrift; dimension: Dimension }): JSX.Element {
  const { visit, drift, dimension } = props
  const t = contractWords[visit.locale]
  const caption = `${t.byMonth}: ${t.dimensions[dimension]}`
  return (
    <details class="mb-4">
      <summary>{t.byMonth}</summary>
      <div class="scroller" tabindex={0} role="region" aria-label={caption}>
        <table class="table table-sm">
          <caption class="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{t.dimensions[dimension]}</th>
              {drift.months.map((month) => (
                <th scope="col" class="number">
                  {month}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {drift.rows[dimension].map((row) => (
              <tr>
                <th scope="row">{titleOf(visit, dimension, row)}</th>
                {row.monthly.map(({ count }) => (
                  <td class="number">{counted(visit, count)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function titleOf({ locale }: Visit, dimension: Dimension, { value, title }: DriftRow): Child {
  if (value === '') return contractWords[locale].notGiven
  if (dimension === 'action') return policiesText[locale].actions[value] ?? value
  return title?.[locale] ?? value
}

function counted(visit: Visit, count: number | null): Child {
  return count === null ? <Held visit={visit} /> : visit.formats.number(count)
}

function Held({ visit }: { visit: Visit }): JSX.Element {
  return <span class="held-back">{contractWords[visit.locale].few}</span>
}

function percent({ locale }: Visit, share: number): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share)
}

function points({ locale }: Visit, trend: number): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: 'exceptZero' }).format(trend)
}
