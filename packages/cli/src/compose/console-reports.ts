import type { AccessLog } from '@varco/access-log'
import type { ReportMaker, ReportOrder, ReportUnderWay } from '@varco/console'
import { ReportNotWrittenError } from '@varco/reports'
import { makeApart } from './make-apart.ts'
import { reportMaker } from './report-maker.ts'
import type { Services } from './services.ts'
import { whoAsks } from './who-asks.ts'

/** A document of more entries of the log is made in a process of its own: as many as a page of the log's search has. */
const LONG = 500
/** To say how long a breach reached, no more of the log is gone through than this. */
const LOOKED_AT = 5_000
/** Each takes a processor and up to 300 MB, and nobody has two of them. */
const AT_ONCE = 2

/**
 * Makes the documents people ask for at the console. Short ones at once, their making going into `log`; long ones apart, so that
 * whoever else is served neither waits nor pays with memory. What is under way ends with this.
 */
export function consoleReports(services: Services, log: AccessLog): ReportMaker & AsyncDisposable {
  const here = reportMaker(services, log)
  const underWay = new Set<ReportUnderWay>()
  /** Whose long documents are being made. */
  const makers = new Set<string>()
  return {
    make: orNotWritten(async (order, by) => {
      if (!(await isLong(services, order))) return here.make(order, by)
      if (makers.has(by.person)) return 'own'
      if (makers.size >= AT_ONCE) return 'full'
      makers.add(by.person)
      try {
        const report = await makeApart(services, { order, by })
        underWay.add(report)
        void report.outcome.finally(() => makers.delete(by.person))
        void report.ended.finally(() => underWay.delete(report))
        return report
      } catch (error) {
        makers.delete(by.person)
        throw error
      }
    }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...underWay].map((report) => report[Symbol.asyncDispose]()))
    },
  }
}

/** That there is no room for a document is said where it was asked for. */
function orNotWritten(make: ReportMaker['make']): ReportMaker['make'] {
  return async (order, by) => {
    try {
      return await make(order, by)
    } catch (error) {
      if (error instanceof ReportNotWrittenError) return 'not-written'
      throw error
    }
  }
}

async function isLong(services: Services, order: ReportOrder): Promise<boolean> {
  const { reader } = services
  switch (order.kind) {
    case 'subject': {
      const dataSubjects = await whoAsks(services)(order.identifier)
      if (dataSubjects === 'several') return false
      const pages = await Promise.all(
        dataSubjects.map((dataSubject) => reader.search({ dataSubject, limit: LONG })),
      )
      return pages.some(({ next }) => next !== null)
    }
    case 'breach': {
      // A node or workstation only narrows it further.
      const { workstation: _workstation, node: _node, ...where } = order.breach.compromised
      const { next } = await reader.search({ ...where, limit: LONG, lookAt: LOOKED_AT })
      return next !== null
    }
    default:
      return false
  }
}
