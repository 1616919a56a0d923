import type { AccessRule } from './access-case.ts'

/** Records shown outside working hours; a ticket opened at that hour explains an on-call shift. */
export const offHours: AccessRule = (access) => {
  const { local, settings, around } = access
  const { opens, closes } = around.setup
  const isWorking =
    local.minute >= opens && local.minute < closes && settings.working_hours.days.includes(local.weekday)
  if (isWorking || !access.showed || access.unexplained('off-hours').length === 0) return null
  return { facts: [{ code: 'outside-hours' }, { code: 'without-explanation' }] }
}
