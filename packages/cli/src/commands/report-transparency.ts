import { randomUUID } from 'node:crypto'
import { makeTransparencyReport, transparencyCsv } from '@varco/reports'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { accessCounts } from '../compose/access-counts.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { saveReport } from '../compose/save-report.ts'
import { openServices } from '../compose/services.ts'
import {
  endOf,
  readMoment,
  startOf,
  withReportOptions,
  type Moment,
  type ReportOptions,
} from './report-options.ts'

interface TransparencyOptions extends ReportOptions {
  readonly from: Moment
  readonly to: Moment
}

export function registerReportTransparency(report: Command, run: Run): void {
  withReportOptions(
    report
      .command('transparency')
      .description(
        'aggregates for publication: who looked at personal data, and why, in whole months that are over; small counts held back',
      )
      .requiredOption('--from <when>', 'a day (its beginning) or an instant', readMoment)
      .requiredOption('--to <when>', 'a day (its end) or an instant', readMoment),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco report transparency --by DPO-1 --from 2026-01-01 --to 2026-12-31',
    )
    .action((options: TransparencyOptions) => run(transparencyWork(options)))
}

function transparencyWork(options: TransparencyOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const { policy, reader } = services
    const { locale, time_zone: timeZone } = policy.current().document.varco
    const report = await makeTransparencyReport(
      {
        log: services.commandLog,
        reader,
        ...accessCounts(services),
        bundle: policy.current(),
        requestId: randomUUID,
      },
      {
        from: startOf(options.from, timeZone),
        to: endOf(options.to, timeZone),
        now: services.clock.now(),
        locale: options.locale ?? locale,
        requestedBy: options.by,
      },
    )
    const written = await saveReport(services, report, { folder: options.out, csv: transparencyCsv(report) })
    output.answer({ ...written }, [written.pdf, written.html, written.json, written.csv].join('\n'))
    return 0
  }
}
