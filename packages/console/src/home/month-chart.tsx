import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Visit } from '../visit/visit.ts'
import { homeText } from './text.ts'
import type { WorkSeries } from './work-by-month.ts'

/** Accesses by month as a small drawing a row, and the figures themselves beside it. */
export function MonthChart(props: {
  visit: Visit
  title: string
  months: readonly string[]
  series: readonly WorkSeries[]
  nameOf: (of: string | null) => string
}): JSX.Element | null {
  const { visit, title, nameOf } = props
  const t = homeText[visit.locale]
  const { number } = visit.formats
  // Before anything was counted there is nothing to tell.
  const first = props.months.findIndex((_, month) => props.series.some(({ counts }) => counts[month] !== 0))
  if (first < 0) return null
  const months = props.months.slice(first)
  const series = props.series.map(({ of, counts }) => ({ of, counts: counts.slice(first) }))
  const top = Math.max(1, ...series.flatMap(({ counts }) => counts.map((count) => count ?? 0)))
  return (
    <section class="month-chart">
      <h2 class="h5">{title}</h2>
      <p class="hint">{t.monthsNote}</p>
      <div class="scroller" role="region" aria-label={title} tabindex={0}>
        <table class="table table-sm">
          <caption class="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <td />
              <td />
              {months.map((month) => (
                <th scope="col" class="number">
                  {visit.formats.month(month)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {series.map(({ of, counts }) => (
              <tr>
                <th scope="row">{nameOf(of)}</th>
                <td class="spark-cell">
                  <Spark counts={counts} top={top} />
                </td>
                {counts.map((count) => (
                  <td class="number">{count === null ? t.fewerThanFive : number(count)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Spark({ counts, top }: { counts: readonly (number | null)[]; top: number }): JSX.Element {
  return (
    <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {counts.map((count, index) => {
        const width = 100 / counts.length
        const height = ((count ?? 0) / top) * 24
        return <rect x={index * width} width={width * 0.8} y={24 - height} height={height} />
      })}
    </svg>
  )
}
