import { randomUUID } from 'node:crypto'
import type { AccessLog, LogVerdict } from '@varco/access-log'
import type { Locale, Micros } from '@varco/core'
import { postgresOversightStore } from '@varco/postgres'
import { makeAuditReport, type AuditReport } from '@varco/reports'
import { accessCounts } from './access-counts.ts'
import type { Services } from './services.ts'

/** The yearly audit of a log that was just verified; its making goes into `log`. */
export async function auditReport(
  services: Services,
  log: AccessLog,
  of: {
    readonly from: Micros
    readonly to: Micros
    readonly verdict: LogVerdict
    readonly locale: Locale
    readonly requestedBy: string
  },
): Promise<AuditReport> {
  const { clock, policy, reader, databases } = services
  return makeAuditReport(
    {
      log,
      reader,
      ...accessCounts(services),
      bundle: policy.current(),
      requestId: randomUUID,
      alerts: async (from, to) => {
        const counts = await postgresOversightStore(databases.state).alertCounts({ from, to })
        return { ...counts, raised: counts.open + counts.explained + counts.confirmed }
      },
    },
    { ...of, now: clock.now() },
  )
}
