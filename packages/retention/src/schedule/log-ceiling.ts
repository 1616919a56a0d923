import type { Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { latestTrigger } from '../due-date.ts'
import { dayAt } from '../rules.ts'

/**
 * Before when the access log may hold nothing any more: its ceiling is a term like any rule's, from the day of the event and
 * in the body's time zone. What goes, goes through the log's own prune.
 */
export function logCeiling({ document }: Bundle, now: Micros): Micros {
  const { log, time_zone: timeZone } = document.varco
  const term = { after: log.ceiling, align: null, bound: 'ceiling' } as const
  const last = latestTrigger(term, dayAt(now, timeZone))
  return BigInt(last.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds) * 1_000n
}
