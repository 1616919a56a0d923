import { once } from 'node:events'
import { ConfigError } from '@varco/core'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CommandContext, CommandWork, Run } from '../command-context.ts'
import { createDiagnostics } from '../compose/diagnostics.ts'
import { homeOf } from '../compose/home.ts'
import { parseIssuerAddresses } from '../compose/issuer-addresses.ts'
import { openDatabases } from '../compose/open-databases.ts'
import { openServices } from '../compose/services.ts'
import {
  consoleUrlOf,
  SERVED_PARTS,
  startServing,
  withConsolePort,
  type ServedPart,
  type Serving,
} from '../compose/serving.ts'
import { startWorkers } from '../compose/worker-processes.ts'
import type { ExitCode } from '../output.ts'

interface ServeOptions {
  readonly only?: ServedPart
  readonly workers: number
}

export function registerServe(program: Command, run: Run): void {
  program
    .command('serve')
    .description(
      'the proxy in front of the records, the console, and the schedules of retention; ends at SIGTERM once requests under way are done',
    )
    .addOption(new Option('--only <part>', 'one part alone').choices(SERVED_PARTS))
    .addOption(
      new Option('--workers <number>', 'processes that share the proxy’s port; the first serves the rest too')
        .default(1)
        .argParser(readWorkers),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ DATABASE_URL=postgres://varco@db.example/varco varco serve --only proxy' +
        '\n  $ DATABASE_URL=postgres://varco@db.example/varco varco serve --only scheduler' +
        '\n  $ DATABASE_URL=postgres://varco@db.example/varco varco serve --workers 4',
    )
    .action((options: ServeOptions) =>
      run(options.workers === 1 ? serveWork(options) : serveByWorkers(options)),
    )
}

const MOST_WORKERS = 64

function readWorkers(text: string): number {
  const workers = Number(text)
  if (!/^[1-9]\d?$/.test(text) || workers > MOST_WORKERS)
    throw new InvalidArgumentError(`a number from 1 to ${MOST_WORKERS}.`)
  return workers
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
    const { proxyUrl, consoleUrl, operationsUrl } = serving
    output.answer({ proxyUrl, consoleUrl, operationsUrl }, linesOf(serving).join('\n'))
    return await untilStopped({ output, stop }, serving.ended)
  }
}

/** Each process is a node like any other, with a tree of its own in the log; the first has the name that is set. */
function serveByWorkers({ only, workers }: ServeOptions): CommandWork {
  return async ({ config: given, output, stop }) => {
    if (only === 'console' || only === 'scheduler')
      throw new ConfigError('--workers', `the ${only} is served by one process`)
    const config = await withConsolePort(given)
    const consoleUrl = only === 'proxy' ? null : consoleUrlOf(config)
    // Held open for all of them: where there is a server of our own, it must outlive whoever of them came first.
    await using _databases = await openDatabases(config, homeOf(config))
    const starts = Array.from({ length: workers }, (_, index) => ({
      args: ['serve', '--json', ...(index > 0 || only === 'proxy' ? ['--only', 'proxy'] : [])],
      env: {
        VARCO_WRITER: index === 0 ? config.VARCO_WRITER : `${config.VARCO_WRITER}-${index + 1}`,
        VARCO_CONSOLE_PORT: String(config.VARCO_CONSOLE_PORT),
        ...(consoleUrl === null ? {} : { VARCO_CONSOLE_URL: consoleUrl }),
      },
    }))
    await using running = await startWorkers(starts, createDiagnostics(config, 'varco'))
    const [first] = running.answers as readonly { readonly proxyUrl: string }[]
    const proxyUrl = first?.proxyUrl ?? null
    const lines = [...linesOf({ proxyUrl, consoleUrl }), `workers  ${running.pids().join(', ')}`]
    output.answer({ proxyUrl, consoleUrl, workers: running.pids() }, lines.join('\n'))
    return await untilStopped({ output, stop }, running.ended)
  }
}

function linesOf({
  proxyUrl,
  consoleUrl,
  operationsUrl = null,
}: Pick<Serving, 'proxyUrl' | 'consoleUrl'> & Partial<Serving>): readonly string[] {
  return [
    ...(proxyUrl === null ? [] : [`proxy    ${proxyUrl}`]),
    ...(consoleUrl === null ? [] : [`console  ${consoleUrl}`]),
    ...(operationsUrl === null ? [] : [`scheduler  ${operationsUrl}/metrics`]),
  ]
}

async function untilStopped(
  { output, stop }: Pick<CommandContext, 'output' | 'stop'>,
  ended: Promise<Error>,
): Promise<ExitCode> {
  const fault = stop.aborted ? null : await Promise.race([once(stop, 'abort').then(() => null), ended])
  if (fault !== null) output.problem(fault.message)
  output.note('stopping')
  return fault === null ? 0 : 1
}
