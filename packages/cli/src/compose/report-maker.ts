import { randomUUID } from 'node:crypto'
import type { AccessLog } from '@varco/access-log'
import type { ReportMaker } from '@varco/console'
import type { DataSubjectRef } from '@varco/core'
import { ticketIntegrity } from '@varco/oversight'
import type { Bundle } from '@varco/policy'
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
          const named = dataSubjectNamed(bundle, identifier)
          const found = named === null ? await subjectRecords.find(bundle, identifier) : []
          if (sharedBySeveral(found).length > 0) return 'several'
          const dataSubjects = named === null ? found.map(({ ref }) => ref) : [named]
          return makeSubjectReport(
            { ...making, records: subjectRecords },
            { identifier, dataSubjects, locale, requestedBy },
          )
        }
      }
    },
  }
}

/** `producer P-17`: a request taken in from the person's own page names them by kind and key. */
function dataSubjectNamed(bundle: Bundle, identifier: string): DataSubjectRef | null {
  const [kind = '', ...rest] = identifier.split(' ')
  const known = rest.length > 0 && Object.hasOwn(bundle.document.varco.data_subjects, kind)
  return known ? { kind, id: rest.join(' ') } : null
}
