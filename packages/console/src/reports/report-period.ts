import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import type { SentForm } from '../act/confirmed.ts'
import { calendarDay, startOfDay } from '../log/log-filters.ts'
import type { Visit } from '../visit/visit.ts'
import type { ReportKind } from './report-maker.ts'

/** The instants two days of the body's calendar stand for, both included; what is not over is told up to now. */
export function readPeriod(
  { bundle, now }: Visit,
  form: SentForm,
): { from: bigint; to: bigint } | ('from' | 'to')[] {
  const from = z.iso.date().safeParse(form['from'])
  const to = z.iso.date().safeParse(form['to'])
  if (!from.success) return ['from']
  if (!to.success || to.data < from.data) return ['to']
  const timeZone = bundle.document.varco.time_zone
  const end = startOfDay(to.data, timeZone, 1)
  return { from: startOfDay(from.data, timeZone, 0), to: end > now ? now : end }
}

/** What a form begins with: the year so far, or its months; for publication, those that are over. */
export function usualPeriod({ bundle, now }: Visit, kind: ReportKind): { from: string; to: string } {
  const today = Temporal.PlainDate.from(calendarDay(now, bundle.document.varco.time_zone))
  // Published are months that are over: in January, those of last year.
  const end = kind === 'transparency' ? today.with({ day: 1 }).subtract({ days: 1 }) : today
  const start = end.with({ month: 1, day: 1 })
  if (kind !== 'drift') return { from: start.toString(), to: end.toString() }
  return { from: start.toPlainYearMonth().toString(), to: today.toPlainYearMonth().toString() }
}
