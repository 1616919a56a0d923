import { randomUUID } from 'node:crypto'
import type { AccessLog } from '@varco/access-log'
import { openRequestStore } from '@varco/postgres'
import { holidaysOf, openRequestDesk, type RequestDesk, type RequestDeskDeps } from '@varco/reports'
import type { Services } from './services.ts'

/** The country whose public holidays move a deadline. */
const COUNTRY = 'IT'

/** What the desk for requests of data subjects works with; its acts go into `log`. */
export function requestDeskDeps({ databases, clock, policy }: Services, log: AccessLog): RequestDeskDeps {
  const { time_zone: timeZone } = policy.current().document.varco
  return {
    store: openRequestStore(databases.state),
    log,
    clock,
    newId: randomUUID,
    calendar: { timeZone, isHoliday: holidaysOf(COUNTRY) },
  }
}

/** The desk as commands use it. */
export function commandDesk(services: Services): RequestDesk {
  return openRequestDesk(requestDeskDeps(services, services.commandLog))
}
