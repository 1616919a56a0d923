import type { RetentionDesk, RetentionRefused } from '@varco/retention'
import { Option } from 'commander'
import type { CommandContext, CommandWork } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { retentionDesk } from '../compose/retention-desk.ts'
import { openServices, type Services } from '../compose/services.ts'
import type { ExitCode } from '../output.ts'
import { readPseudonym } from './report-options.ts'

export function byOption(): Option {
  return new Option('--by <pseudonym>', 'who acts; it goes into the log')
    .argParser(readPseudonym)
    .makeOptionMandatory()
}

/** Opens what retention works with for the length of a command. */
export function atDesk(
  work: (desk: RetentionDesk, context: CommandContext, services: Services) => Promise<ExitCode>,
): CommandWork {
  return async (context) => {
    const { config } = context
    await using services = await openServices({
      config,
      diagnostics: commandDiagnostics(config, 'retention'),
    })
    return await work(retentionDesk(services, services.commandLog), context, services)
  }
}

/** Says why nothing was changed. */
export function refused({ output }: CommandContext, { code, text }: RetentionRefused): ExitCode {
  output.problem(output.json ? code : text.en)
  return 1
}
