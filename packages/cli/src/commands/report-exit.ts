import { randomUUID } from 'node:crypto'
import { asId, type ContractId } from '@varco/core'
import { exitDossier } from '@varco/engagement'
import { makeExitCertificate } from '@varco/reports'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { openContractDesk } from '../compose/contract-desk.ts'
import { saveReport } from '../compose/save-report.ts'
import { withReportOptions, type ReportOptions } from './report-options.ts'

export function registerReportExit(report: Command, run: Run): void {
  withReportOptions(
    report
      .command('exit')
      .description('the certificate of a contract’s exit; exit 1 while something is missing, which it lists')
      .argument('<contract>', 'its id in the bundle'),
  )
    .addHelpText('after', '\nExample:\n  $ varco report exit brumalba-2022 --by GSE-4T2KQ')
    .action((contract: string, options: ReportOptions) => run(exitWork(contract, options)))
}

function exitWork(contract: string, options: ReportOptions): CommandWork {
  return async ({ config, output }) => {
    await using open = await openContractDesk(config)
    const { services, occasion } = open
    const dossier = await exitDossier(open.desk, asId<ContractId>(contract), occasion.now)
    if (dossier === null) {
      output.problem('no exit of this contract was opened')
      return 1
    }
    const certificate = await makeExitCertificate(
      { log: services.commandLog, reader: services.reader, bundle: occasion.bundle, requestId: randomUUID },
      dossier,
      { locale: options.locale ?? occasion.bundle.document.varco.locale, requestedBy: options.by },
    )
    const written = await saveReport(services, certificate, { folder: options.out })
    output.answer(
      { ...written, complete: certificate.complete },
      [
        certificate.complete
          ? 'the exit is concluded'
          : 'the exit is not concluded; the document says what is missing',
        written.pdf,
        written.html,
        written.json,
      ].join('\n'),
    )
    return certificate.complete ? 0 : 1
  }
}
