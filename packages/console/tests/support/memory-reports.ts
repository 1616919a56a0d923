import { randomUUID } from 'node:crypto'
import { verifyLog, type AccessLog, type AccessLogReader } from '@varco/access-log'
import type { MemoryLogStore } from '@varco/access-log/testing'
import type { Clock } from '@varco/core'
import { exitDossier, type LifeDesk } from '@varco/engagement'
import { scopeDrift, ticketIntegrity, type OversightFigures } from '@varco/oversight'
import type { Bundle } from '@varco/policy'
import {
  breachedPeopleCsv,
  driftCsv,
  makeAuditReport,
  makeBreachScope,
  makeDriftReport,
  makeExitCertificate,
  makeProcessingRegister,
  makeSubjectReport,
  makeTicketReport,
  hasWholeMonth,
  makeTransparencyReport,
  ticketCsv,
  transparencyCsv,
} from '@varco/reports'
import { memorySubjectRecords, noContractTells, readerAccessFigures } from '@varco/reports/testing'
import type { MadeReport, ReportMaker } from '../../src/reports/report-maker.ts'

export interface MemoryReportsDeps extends Pick<LifeDesk, 'store' | 'copies'> {
  readonly log: AccessLog
  readonly logStore: MemoryLogStore
  readonly verifierKey: string
  readonly reader: AccessLogReader
  readonly bundle: Bundle
  readonly clock: Clock
  readonly figures: OversightFigures
}

/** Real documents of a small console, on its log and figures in memory. */
export function memoryReports(deps: MemoryReportsDeps): ReportMaker & { readonly open: () => number } {
  const { log, reader, bundle, clock, figures } = deps
  const making = { log, reader, bundle, requestId: randomUUID }
  let open = 0
  const made = (report: MadeReport['report'], table: string | null = null): MadeReport => {
    open++
    let isOpen = true
    return {
      report,
      table,
      [Symbol.asyncDispose]: async () => {
        if (isOpen) open--
        isOpen = false
      },
    }
  }
  return {
    open: () => open,
    make: async (order, { pseudonym: requestedBy, locale }) => {
      const by = { locale, requestedBy }
      switch (order.kind) {
        case 'register':
          return made(await makeProcessingRegister(making, { asOf: { bundle, at: clock.now() }, ...by }))
        case 'audit': {
          const { from, to } = order
          const verdict = await verifyLog({
            store: deps.logStore,
            verifierKeys: [deps.verifierKey],
            anchors: [],
          })
          const counted = { ...making, figures: readerAccessFigures(reader), heldByContract: noContractTells }
          return made(await makeAuditReport(counted, { from, to, verdict, now: clock.now(), ...by }))
        }
        case 'transparency': {
          const { from, to } = order
          const now = clock.now()
          if (from >= to) return 'period'
          if (!hasWholeMonth({ from, to, now }, bundle)) return 'month'
          const counted = { ...making, figures: readerAccessFigures(reader), heldByContract: noContractTells }
          const report = await makeTransparencyReport(counted, { from, to, now, ...by })
          return made(report, transparencyCsv(report))
        }
        case 'drift': {
          const declared = { counted: async () => [] }
          const drift = await scopeDrift({ figures, declared, bundle }, { ...order, now: clock.now() })
          if (drift === null) return 'period'
          if (drift.months.length === 0) return 'month'
          const report = await makeDriftReport(making, drift, by)
          return made(report, driftCsv(report))
        }
        case 'tickets': {
          const { from, to } = order
          const report = await makeTicketReport(
            making,
            await ticketIntegrity({ figures, bundle }, { from, to, now: clock.now() }),
            by,
          )
          return made(report, ticketCsv(report))
        }
        case 'exit': {
          const dossier = await exitDossier(deps, order.contract, clock.now())
          return dossier === null ? 'no-exit' : made(await makeExitCertificate(making, dossier, by))
        }
        case 'breach': {
          const { scope, people } = await makeBreachScope(
            { ...making, records: memorySubjectRecords({}) },
            { ...order.breach, ...by },
          )
          return made(scope, order.breach.withPeople ? breachedPeopleCsv(people, locale) : null)
        }
        case 'subject':
          if (order.identifier === 'HOMONYM') return 'several'
          return made(
            await makeSubjectReport(
              { ...making, records: memorySubjectRecords({}) },
              { identifier: order.identifier, dataSubjects: [], ...by },
            ),
          )
      }
    },
  }
}
