import { randomUUID } from 'node:crypto'
import { VarcoError, type Micros } from '@varco/core'
import { compileBundle, type PolicyStore } from '@varco/policy'
import { makeProcessingRegister, type BundleAt } from '@varco/reports'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { saveReport } from '../compose/save-report.ts'
import { openServices } from '../compose/services.ts'
import { endOf, readMoment, withReportOptions, type Moment, type ReportOptions } from './report-options.ts'

interface RegisterOptions extends ReportOptions {
  readonly asOf?: Moment
  readonly comparedWith?: Moment
}

export function registerReportRegister(report: Command, run: Run): void {
  withReportOptions(
    report
      .command('register')
      .description('the record of processing activities (GDPR Art. 30), now or as it stood')
      .option('--as-of <when>', 'a day (its end) or an instant; default: now', readMoment)
      .option('--compared-with <when>', 'also tell what changed since then', readMoment),
  )
    .addHelpText('after', '\nExample:\n  $ varco report register --by DPO-1 --compared-with 2026-01-01')
    .action((options: RegisterOptions) => run(registerWork(options)))
}

function registerWork(options: RegisterOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const current = services.policy.current().document.varco
    const at = async (moment: Moment) => inForceAt(services.policyStore, endOf(moment, current.time_zone))
    const register = await makeProcessingRegister(
      { log: services.commandLog, reader: services.reader, requestId: randomUUID },
      {
        asOf:
          options.asOf === undefined
            ? { bundle: services.policy.current(), at: services.clock.now() }
            : await at(options.asOf),
        ...(options.comparedWith === undefined ? {} : { comparedWith: await at(options.comparedWith) }),
        locale: options.locale ?? current.locale,
        requestedBy: options.by,
      },
    )
    const written = await saveReport(services, register, { folder: options.out })
    output.answer({ ...written }, [written.pdf, written.html, written.json].join('\n'))
    return 0
  }
}

/** No bundle was in force then: nothing can be said of that time. */
class NothingInForceError extends VarcoError {
  readonly code = 'nothing-in-force'
}

/** @throws NothingInForceError before the first activation */
async function inForceAt(store: PolicyStore, at: Micros): Promise<BundleAt> {
  const activation = (await store.history()).find(({ activatedAt }) => activatedAt <= at)
  const stored = activation === undefined ? null : await store.find(activation.version)
  if (stored === null) throw new NothingInForceError('no bundle was in force at that time')
  return { bundle: compileBundle(stored.document, stored.version), at }
}
