import { type Micros, isId } from '@varco/core'
import { EVENT_KINDS, type EventKind, type EventQuery } from '@varco/access-log'
import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import { readPlace, writePlace, type Place } from './place.ts'

/** Text inputs that are left empty arrive as "". */
const given = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined),
    schema.optional(),
  )
const idSchema = z.string().refine(isId)

/** What the list can be narrowed by; each stands in the address of the page. */
const filterSchemas = {
  from: given(z.iso.date()),
  to: given(z.iso.date()),
  kind: given(z.enum([...EVENT_KINDS, 'all'])),
  decision: given(z.enum(['permit', 'deny'])),
  processor: given(idSchema),
  contract: given(idSchema),
  purpose: given(idSchema),
  resource: given(idSchema),
  operator: given(idSchema),
  ticket: given(idSchema),
} as const

export const FILTER_NAMES = Object.keys(filterSchemas) as readonly FilterName[]
export type FilterName = keyof typeof filterSchemas

/** Days are those of the reader's clocks, both included; `kind` absent means accesses. */
export type LogFilters = { readonly [N in Exclude<FilterName, 'kind' | 'decision'>]?: string } & {
  readonly kind?: EventKind | 'all'
  readonly decision?: 'permit' | 'deny'
}

export interface LogAddress extends Place {
  readonly filters: LogFilters
  /** What was wrong; such filters are left out of `filters` but kept in `asTyped`. */
  readonly problems: readonly FilterName[]
  readonly asTyped: Readonly<Partial<Record<FilterName, string>>>
}

export function parseLogAddress(parameters: URLSearchParams): LogAddress {
  const filters: Partial<Record<FilterName, string>> = {}
  const asTyped: Partial<Record<FilterName, string>> = {}
  const problems: FilterName[] = []
  for (const name of FILTER_NAMES) {
    const sent = parameters.get(name)
    if (sent === null || sent.trim() === '') continue
    asTyped[name] = sent.trim()
    const read = filterSchemas[name].safeParse(sent)
    if (read.success && read.data !== undefined) filters[name] = read.data
    else problems.push(name)
  }
  if (filters.from !== undefined && filters.to !== undefined && filters.from > filters.to) problems.push('to')
  return { filters: filters as LogFilters, problems, asTyped, ...readPlace(parameters) }
}

export function toEventQuery(filters: LogFilters, timeZone: string): Omit<EventQuery, 'limit'> {
  const { from, to, kind = 'access', ...equal } = filters
  return {
    ...equal,
    ...(from === undefined ? {} : { from: startOfDay(from, timeZone, 0) }),
    ...(to === undefined ? {} : { to: startOfDay(to, timeZone, 1) }),
    ...(kind === 'all' ? {} : { kind }),
  }
}

/** As `calendarDay`, where many in a row are of one day: asking the calendar takes longer than all else that is done with one. */
export function calendarDays(timeZone: string): (at: Micros) => string {
  let [day, from, to] = ['', 0n, 0n]
  return (at) => {
    if (at >= from && at < to) return day
    day = calendarDay(at, timeZone)
    ;[from, to] = [startOfDay(day, timeZone, 0), startOfDay(day, timeZone, 1)]
    return day
  }
}

/** The instant a calendar day begins, `daysLater` on: not always midnight, nor 24 hours later. */
export function startOfDay(day: string, timeZone: string, daysLater: number): Micros {
  const date = Temporal.PlainDate.from(day).add({ days: daysLater })
  return date.toZonedDateTime(timeZone).epochNanoseconds / 1000n
}

/** The calendar day at an instant, by the clocks of a time zone: `2026-11-24`. */
export function calendarDay(at: Micros, timeZone: string): string {
  return Temporal.Instant.fromEpochNanoseconds(at * 1000n)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
}

/** The minute by the clocks of a time zone, as a form takes it: `2026-11-24T10:32`. */
export function calendarMinute(at: Micros, timeZone: string): string {
  const { hour, minute } = Temporal.Instant.fromEpochNanoseconds(at * 1000n).toZonedDateTimeISO(timeZone)
  return `${calendarDay(at, timeZone)}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

export interface LogPlace {
  readonly filters: LogFilters
  /** The sealed data subject, see `data-subject-search.ts`. */
  readonly subject: string | undefined
}

/** The address of a list, from its first page or from another place. */
export function logHref({ filters, subject }: LogPlace, to: Partial<Place> = {}): string {
  const parameters = new URLSearchParams()
  for (const name of FILTER_NAMES) {
    const value = filters[name]
    if (value !== undefined) parameters.set(name, value)
  }
  if (subject !== undefined) parameters.set('subject', subject)
  writePlace(to, parameters)
  const query = parameters.toString()
  return query === '' ? '/log' : `/log?${query}`
}
