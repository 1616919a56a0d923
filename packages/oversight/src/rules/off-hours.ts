import type { AccessRule } from './access-case.ts'

/** Records shown outside working hours; a ticket opened at that hour explains an on-call shift. */
export const offHours: AccessRule = (access) => {
  const { local, settings } = access
  const { days, from, to, tolerance_minutes: tolerance } = settings.working_hours
  const isWorking =
    days.includes(local.weekday) &&
    local.minute >= minutesOf(from) - tolerance &&
    local.minute < minutesOf(to) + tolerance
  if (isWorking || !access.showed || access.unexplained('off-hours').length === 0) return null
  return { facts: [{ code: 'outside-hours' }, { code: 'without-explanation' }] }
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}
