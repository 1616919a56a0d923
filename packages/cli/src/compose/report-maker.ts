import { randomUUID } from 'node:crypto'
import type { AccessLog } from '@varco/access-log'
import type { MadeReport, OrderedBy, ReportOrder, ReportRefusal } from '@varco/console'
import { exitDossier } from '@varco/engagement'
import { scopeDrift, ticketIntegrity } from '@varco/oversight'
import { postgresOversightFigures } from '@varco/postgres'
import {
  breachedPeopleCsv,
  driftCsv,
  FileShelf,
  hasWholeMonth,
  makeBreachScope,
  makeDriftReport,
  makeExitCertificate,
  makeProcessingRegister,
  makeShelvedReport,
  makeTicketReport,
  makeTransparencyReport,
  ticketCsv,
  transparencyCsv,
  type AccessShelf,
} from '@varco/reports'
import { accessCounts } from './access-counts.ts'
import { auditReport } from './audit-report.ts'
import { countedWork } from './declared-work.ts'
import { checkLog } from './log-checks.ts'
import { openVault } from './identities.ts'
import type { Services } from './services.ts'
import { countAccessesByTicket } from './ticket-counts.ts'
import { whoAsks } from './who-asks.ts'

export interface MakerOptions {
  /** How many accesses of a report on a person have been gathered. */
  readonly onGathered?: (accesses: number) => void
}

/** Makes documents whole, in this process; their making goes into `log`. */
export function reportMaker(
  services: Services,
  log: AccessLog,
  { onGathered }: MakerOptions = {},
): {
  make(order: ReportOrder, by: Pick<OrderedBy, 'pseudonym' | 'locale'>): Promise<MadeReport | ReportRefusal>
} {
  const { reader, databases, policy, subjectRecords, clock, keys, contractLife, copies, home } = services
  const counted = postgresOversightFigures(databases.state, keys.log.lookup)
  const find = whoAsks(services)
  // It takes both processors for minutes: a second one waits for the first.
  let isVerifying = false
  return {
    make: async (order, { pseudonym: requestedBy, locale }) => {
      const bundle = policy.current()
      const making = { log, reader, bundle, requestId: randomUUID }
      const by = { locale, requestedBy }
      switch (order.kind) {
        case 'register':
          return inMemory(
            await makeProcessingRegister(making, { asOf: { bundle, at: clock.now() }, locale, requestedBy }),
          )
        case 'audit': {
          const { from, to } = order
          if (from >= to) return 'period'
          if (isVerifying) return 'busy'
          isVerifying = true
          try {
            const verdict = await checkLog(services)
            return inMemory(await auditReport(services, log, { from, to, verdict, locale, requestedBy }))
          } finally {
            isVerifying = false
          }
        }
        case 'transparency': {
          const { from, to } = order
          const now = clock.now()
          if (from >= to) return 'period'
          if (!hasWholeMonth({ from, to, now }, bundle)) return 'month'
          const report = await makeTransparencyReport(
            { ...making, ...accessCounts(services) },
            { from, to, now, ...by },
          )
          return inMemory(report, transparencyCsv(report))
        }
        case 'drift': {
          const declared = countedWork(services)
          const drift = await scopeDrift(
            { figures: counted, declared, bundle },
            { ...order, now: clock.now() },
          )
          if (drift === null) return 'period'
          if (drift.months.length === 0) return 'month'
          const report = await makeDriftReport(making, drift, by)
          return inMemory(report, driftCsv(report))
        }
        case 'tickets': {
          const { from, to } = order
          if (from >= to) return 'period'
          await countAccessesByTicket(services)
          const found = await ticketIntegrity({ figures: counted, bundle }, { from, to, now: clock.now() })
          const report = await makeTicketReport(making, found, by)
          return inMemory(report, ticketCsv(report))
        }
        case 'exit': {
          const dossier = await exitDossier({ store: contractLife, copies }, order.contract, clock.now())
          return dossier === null ? 'no-exit' : inMemory(await makeExitCertificate(making, dossier, by))
        }
        case 'breach': {
          const { scope, people } = await makeBreachScope(
            { ...making, records: subjectRecords },
            { ...order.breach, ...by },
          )
          return inMemory(scope, order.breach.withPeople ? breachedPeopleCsv(people, locale) : null)
        }
        case 'subject': {
          const { identifier, request } = order
          const dataSubjects = await find(identifier)
          if (dataSubjects === 'several') return 'several'
          await using stack = new AsyncDisposableStack()
          const shelf = stack.use(await FileShelf.in(home.reports))
          const answers = { number: request, vault: await openVault(services, log) }
          const report = await makeShelvedReport(
            { ...making, records: subjectRecords },
            { identifier, dataSubjects, answers, ...by },
            onGathered === undefined ? shelf : watched(shelf, onGathered),
          )
          const open = stack.move()
          return { report, table: null, [Symbol.asyncDispose]: () => open.disposeAsync() }
        }
      }
    },
  }
}

function inMemory(report: MadeReport['report'], table: string | null = null): MadeReport {
  return { report, table, [Symbol.asyncDispose]: async () => {} }
}

function watched(shelf: AccessShelf, onPut: (count: number) => void): AccessShelf {
  return {
    get count() {
      return shelf.count
    },
    put: async (access) => {
      await shelf.put(access)
      onPut(shelf.count)
    },
    newestFirst: () => shelf.newestFirst(),
  }
}
