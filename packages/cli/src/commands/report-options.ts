import { isoToMicros, LOCALES, millisToMicros, type Locale, type Micros } from '@varco/core'
import { isMonth } from '@varco/engagement'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { Temporal } from 'temporal-polyfill'

/** What every command that makes a report takes. */
export interface ReportOptions {
  readonly by: string
  readonly locale?: Locale
  readonly out?: string
}

export function withReportOptions(command: Command): Command {
  return command
    .requiredOption('--by <pseudonym>', 'who makes the report; it goes into the log', readPseudonym)
    .addOption(new Option('--locale <locale>', 'language (default: the bundle’s)').choices(LOCALES))
    .option('--out <folder>', 'where to write (default: reports in VARCO_HOME)')
}

export function readPseudonym(value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value))
    throw new InvalidArgumentError('a pseudonym has letters, digits, dots and dashes')
  return value
}

/** An instant, or a day that begins where the body is. */
export type Moment = { readonly instant: Micros } | { readonly day: Temporal.PlainDate }

export function readMoment(value: string): Moment {
  const instant = isoToMicros(value)
  if (instant !== null) return { instant }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value))
    throw new InvalidArgumentError('a time is written 2026-11-24 or 2026-11-24T09:41:00+01:00')
  try {
    return { day: Temporal.PlainDate.from(value) }
  } catch {
    throw new InvalidArgumentError('there is no such day')
  }
}

export function readMonth(value: string): string {
  if (!isMonth(value)) throw new InvalidArgumentError('a month is written 2026-11')
  return value
}

/** The instant a moment is, or its day begins. */
export function startOf(moment: Moment, timeZone: string): Micros {
  return 'instant' in moment ? moment.instant : dayStart(moment.day, timeZone)
}

/** The instant a moment is, or that comes after the whole of its day: periods end outside. */
export function endOf(moment: Moment, timeZone: string): Micros {
  return 'instant' in moment ? moment.instant : dayStart(moment.day.add({ days: 1 }), timeZone)
}

function dayStart(day: Temporal.PlainDate, timeZone: string): Micros {
  return millisToMicros(day.toZonedDateTime(timeZone).epochMilliseconds)
}
