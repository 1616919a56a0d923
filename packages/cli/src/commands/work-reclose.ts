import { randomUUID } from 'node:crypto'
import { asId, type ContractId, type RequestId } from '@varco/core'
import { recloseWorkMonth } from '@varco/engagement'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { workDesk } from '../compose/declared-work.ts'
import { openServices } from '../compose/services.ts'
import { withPseudonym, type ByOptions } from './by-option.ts'
import { readMonth } from './report-options.ts'

interface RecloseOptions extends ByOptions {
  readonly contract: string
  readonly month: string
}

export function registerWorkReclose(work: Command, run: Run): void {
  withPseudonym(
    work
      .command('reclose')
      .description(
        'takes a month’s declarations as they now are for those it was closed with, by two people; the log keeps both',
      )
      .requiredOption('--contract <id>', 'the contract')
      .requiredOption('--month <month>', 'such as 2026-06', readMonth),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco work reclose --contract aurispola-2026 --month 2026-06 --by DPO-1',
    )
    .action((options: RecloseOptions) => run(recloseWork(options)))
}

function recloseWork({ contract, month, by }: RecloseOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'work') })
    const bundle = services.policy.current()
    const outcome = await recloseWorkMonth(
      workDesk(services, services.commandLog),
      { bundle, now: services.clock.now(), requestId: asId<RequestId>(randomUUID()) },
      { contract: contract as ContractId, month, by },
    )
    if (!outcome.ok) {
      output.problem(outcome.text.en)
      return 1
    }
    const { taken, event } = outcome
    output.answer(
      { contract, month, taken, event },
      taken
        ? `${month} of ${contract} is closed anew: entry ${event} of the log`
        : `asked for: entry ${event} of the log; another person gives the same command`,
    )
    return 0
  }
}
