import { randomUUID } from 'node:crypto'
import type { AccessLog } from '@varco/access-log'
import type { ReportMaker } from '@varco/console'
import { ticketIntegrity } from '@varco/oversight'
import { postgresAccessFigures, postgresOversightFigures } from '@varco/postgres'
import {
  makeProcessingRegister,
  makeSubjectReport,
  makeTicketReport,
  makeTransparencyReport,
} from '@varco/reports'
import { sharedBySeveral } from '../commands/report.ts'
import type { Services } from './services.ts'

/** Makes the documents that people ask for at the console; their making goes into `log`. */
export function reportMaker(services: Services, log: AccessLog): ReportMaker {
  const { reader, databases, policy, subjectRecords, clock, keys } = services
  return {
    make: async (order, { pseudonym: requestedBy, locale }) => {
      const bundle = policy.current()
      const making = { log, reader, bundle, requestId: randomUUID }
      const figures = postgresAccessFigures(databases.state)
      switch (order.kind) {
        case 'register':
          return makeProcessingRegister(making, {
            asOf: { bundle, at: clock.now() },
            locale,
            requestedBy,
          })
        case 'transparency': {
          const { from, to } = order
          if (from >= to) return 'period'
          return makeTransparencyReport({ ...making, figures }, { from, to, locale, requestedBy })
        }
        case 'tickets': {
          const { from, to } = order
          if (from >= to) return 'period'
          const counted = postgresOversightFigures(databases.state, keys.log.lookup)
          const found = await ticketIntegrity({ figures: counted, bundle }, { from, to })
          return makeTicketReport(making, found, { locale, requestedBy })
        }
        case 'subject': {
          const { identifier } = order
          const found = await subjectRecords.find(bundle, identifier)
          if (sharedBySeveral(found).length > 0) return 'several'
          return makeSubjectReport(
            { ...making, records: subjectRecords },
            { identifier, dataSubjects: found.map(({ ref }) => ref), locale, requestedBy },
          )
        }
      }
    },
  }
}
