import type { JSX } from 'hono/jsx/jsx-runtime'
import { logText } from '../log/text.ts'
import type { Visit } from '../visit/visit.ts'
import type { DaySummary, Tally } from './day-summary.ts'
import { homeText } from './text.ts'

/**
 * Accesses by hour as stacked columns, with the same figures in a table beneath. Each column is a drawing
 * stretched by the layout, so that words and figures keep their size on a telephone.
 */
export function HourChart({ visit, summary }: { visit: Visit; summary: DaySummary }): JSX.Element {
  const t = homeText[visit.locale]
  const words = logText[visit.locale]
  const { number } = visit.formats
  const hours = hoursShown(summary).map((hour) => ({ hour, ...(summary.byHour.get(hour) ?? NONE) }))
  const top = niceCeiling(Math.max(1, ...hours.map(({ permit, deny }) => permit + deny)))
  return (
    <figure class="chart">
      <figcaption>
        <h2 class="h5">{t.byHour}</h2>
        <ul class="legend">
          <li class="permit">{words.permit}</li>
          <li class="deny">{words.deny}</li>
        </ul>
      </figcaption>
      <div class="columns" aria-hidden="true">
        <div class="scale">
          {[top, top / 2, 0].map((value) => (
            <span>{number(value)}</span>
          ))}
        </div>
        <ol>
          {hours.map((one) => (
            <li>
              <Column tally={one} top={top} />
              <span>{one.hour}</span>
            </li>
          ))}
        </ol>
      </div>
      <details>
        <summary>{t.table}</summary>
        <table class="table table-sm">
          <caption class="visually-hidden">{t.byHour}</caption>
          <thead>
            <tr>
              <th scope="col">{t.hour}</th>
              <th scope="col" class="number">
                {words.permit}
              </th>
              <th scope="col" class="number">
                {words.deny}
              </th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ hour, permit, deny }) => (
              <tr>
                <th scope="row">{`${hour}:00`}</th>
                <td class="number">{number(permit)}</td>
                <td class="number">{number(deny)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

const NONE: Tally = { permit: 0, deny: 0 }

function Column({ tally, top }: { tally: Tally; top: number }): JSX.Element {
  const permit = (tally.permit / top) * 100
  const deny = (tally.deny / top) * 100
  return (
    <svg viewBox="0 0 1 100" preserveAspectRatio="none" focusable="false">
      <rect class="permit" x="0" width="1" y={100 - permit} height={permit} />
      <rect class="deny" x="0" width="1" y={100 - permit - deny} height={deny} />
    </svg>
  )
}

/** The office day, longer where there is something outside it. */
function hoursShown({ byHour }: DaySummary): readonly number[] {
  const first = Math.min(8, ...byHour.keys())
  const last = Math.max(18, ...byHour.keys())
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** 1, 2, 5, 10, 20, 50… times two, so that the half is whole. */
function niceCeiling(value: number): number {
  const half = value / 2
  const power = 10 ** Math.floor(Math.log10(Math.max(1, half)))
  const nice = [1, 2, 5, 10].find((factor) => factor * power >= half) ?? 10
  return nice * power * 2
}
