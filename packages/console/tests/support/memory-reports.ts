import { randomUUID } from 'node:crypto'
import type { AccessLog, AccessLogReader } from '@varco/access-log'
import type { Clock } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { makeProcessingRegister, makeSubjectReport } from '@varco/reports'
import { memorySubjectRecords } from '@varco/reports/testing'
import type { ReportMaker } from '../../src/reports/report-maker.ts'

/** Real documents of a small console: the register, and the report on one person; nothing else is made. */
export function memoryReports(
  log: AccessLog,
  reader: AccessLogReader,
  bundle: Bundle,
  clock: Clock,
): ReportMaker {
  const making = { log, reader, bundle, requestId: randomUUID }
  return {
    make: async (order, { pseudonym: requestedBy, locale }) => {
      if (order.kind === 'register') {
        return makeProcessingRegister(making, { asOf: { bundle, at: clock.now() }, locale, requestedBy })
      }
      if (order.kind !== 'subject') return 'period'
      if (order.identifier === 'HOMONYM') return 'several'
      return makeSubjectReport(
        { ...making, records: memorySubjectRecords({}) },
        { identifier: order.identifier, dataSubjects: [], locale, requestedBy },
      )
    },
  }
}
