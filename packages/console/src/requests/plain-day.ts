import { isoToMicros } from '@varco/core'
import type { Temporal } from 'temporal-polyfill'
import type { Formats } from '../i18n/formats.ts'

/** A calendar day in words. */
export function dayInWords(day: Temporal.PlainDate, { day: inWords }: Formats, timeZone: string): string {
  return inWords(isoToMicros(day.toZonedDateTime(timeZone).toInstant().toString()) ?? 0n)
}
