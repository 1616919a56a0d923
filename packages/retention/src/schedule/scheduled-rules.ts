import type { Bundle } from '@varco/policy'
import type { ScheduledRule } from './timetable.ts'

/** The bundle's rules that make their plans by themselves, in its time zone. */
export function scheduledRules({ document }: Bundle): readonly ScheduledRule[] {
  const { time_zone: timeZone } = document.varco
  return document.retention.flatMap(({ id, schedule }) =>
    schedule === undefined ? [] : [{ rule: id, cron: schedule, timeZone }],
  )
}
