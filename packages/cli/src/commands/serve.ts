import { once } from 'node:events'
import { Option, type Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { createDiagnostics } from '../compose/diagnostics.ts'
import { parseIssuerAddresses } from '../compose/issuer-addresses.ts'
import { openServices } from '../compose/services.ts'
import { startServing, withConsolePort } from '../compose/serving.ts'

interface ServeOptions {
  readonly only?: 'proxy' | 'console'
}

export function registerServe(program: Command, run: Run): void {
  program
    .command('serve')
    .description(
      'the proxy in front of the records, and the console; ends at SIGTERM once requests under way are done',
    )
    .addOption(new Option('--only <part>', 'one part alone').choices(['proxy', 'console']))
    .addHelpText(
      'after',
      '\nExample:\n  $ DATABASE_URL=postgres://varco@db.example/varco varco serve --only proxy',
    )
    .action((options: ServeOptions) => run(serveWork(options)))
}

function serveWork(options: ServeOptions): CommandWork {
  return async ({ config: given, output, stop }) => {
    const config = await withConsolePort(given)
    await using services = await openServices({ config, diagnostics: createDiagnostics(config, 'varco') })
    await using serving = await startServing(services, {
      only: options.only ?? null,
      issuerAddresses: parseIssuerAddresses(config.VARCO_ISSUER_ADDRESSES),
      clientSecret: config.VARCO_CONSOLE_CLIENT_SECRET ?? null,
    })
    const { proxyUrl, consoleUrl } = serving
    const lines = [
      ...(proxyUrl === null ? [] : [`proxy    ${proxyUrl}`]),
      ...(consoleUrl === null ? [] : [`console  ${consoleUrl}`]),
    ]
    output.answer({ proxyUrl, consoleUrl }, lines.join('\n'))
    const fault = stop.aborted
      ? null
      : await Promise.race([once(stop, 'abort').then(() => null), serving.ended])
    if (fault !== null) output.problem(fault.message)
    output.note('stopping')
    return fault === null ? 0 : 1
  }
}
