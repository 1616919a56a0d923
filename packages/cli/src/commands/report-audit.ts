import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { auditReport } from '../compose/audit-report.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { saveReport } from '../compose/save-report.ts'
import { openServices } from '../compose/services.ts'
import { verifyWithProgress } from './log.ts'
import {
  endOf,
  readMoment,
  startOf,
  withReportOptions,
  type Moment,
  type ReportOptions,
} from './report-options.ts'

interface AuditOptions extends ReportOptions {
  readonly from: Moment
  readonly to: Moment
}

export function registerReportAudit(report: Command, run: Run): void {
  withReportOptions(
    report
      .command('audit')
      .description(
        'the yearly audit of the log (Garante 192/2011): verifies it whole, counts it, lists what was done to it; exit 1 if it is not whole',
      )
      .requiredOption('--from <when>', 'a day (its beginning) or an instant', readMoment)
      .requiredOption('--to <when>', 'a day (its end) or an instant', readMoment),
  )
    .addHelpText('after', '\nExample:\n  $ varco report audit --by DPO-1 --from 2026-01-01 --to 2026-12-31')
    .action((options: AuditOptions) => run(auditWork(options)))
}

function auditWork(options: AuditOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const { locale, time_zone: timeZone } = services.policy.current().document.varco
    const verdict = await verifyWithProgress(services, output)
    const report = await auditReport(services, services.commandLog, {
      from: startOf(options.from, timeZone),
      to: endOf(options.to, timeZone),
      verdict,
      locale: options.locale ?? locale,
      requestedBy: options.by,
    })
    const written = await saveReport(services, report, { folder: options.out })
    output.answer(
      { ...written, whole: verdict.ok },
      [
        ...(verdict.ok ? [] : ['the log is NOT whole; the audit says where']),
        written.pdf,
        written.html,
        written.json,
      ].join('\n'),
    )
    return verdict.ok ? 0 : 1
  }
}
