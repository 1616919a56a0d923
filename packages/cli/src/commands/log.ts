import type { LogVerdict } from '@varco/access-log'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { checkLog } from '../compose/log-checks.ts'
import { openServices, type Services } from '../compose/services.ts'
import { verifiedFile } from '../compose/verified-file.ts'
import type { Output } from '../output.ts'
import { registerLogExport } from './log-export.ts'
import { registerLogProofs } from './log-proofs.ts'
import { registerLogSearch } from './log-search.ts'
import { registerLogErase } from './log-erase.ts'
import { registerLogUpkeep } from './log-upkeep.ts'

export function registerLog(program: Command, run: Run): void {
  const log = program.command('log').description('the access log: what was seen, by whom, provably')
  log
    .command('verify')
    .description(
      'recompute the whole log from its tables and hold it against its signed checkpoints; exit 1 if anything is wrong',
    )
    .option('--incremental', 'go on from what was verified the last time, as kept in VARCO_HOME')
    .addHelpText('after', '\nExample:\n  $ varco log verify --incremental')
    .action((options: VerifyOptions) => run(verifyWork(options)))
  registerLogSearch(log, run)
  registerLogExport(log, run)
  registerLogProofs(log, run)
  registerLogErase(log, run)
  registerLogUpkeep(log, run)
}

interface VerifyOptions {
  readonly incremental?: true
}

function verifyWork({ incremental }: VerifyOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const kept = verifiedFile(services.home.dir)
    const verdict = await verifyWithProgress(services, output, incremental === true ? await kept.read() : [])
    output.answer(verdictJson(verdict), renderVerdict(verdict, output))
    return verdict.ok ? 0 : 1
  }
}

export async function verifyWithProgress(
  services: Services,
  output: Output,
  since: LogVerdict['trees'] = [],
): Promise<LogVerdict> {
  const bars: ReturnType<Output['progress']>[] = []
  try {
    return await checkLog(services, {
      since,
      onProgress: ({ events: done, of }) => {
        bars[0] ??= output.progress('verifying the log', of)
        bars[0].advance(done)
      },
    })
  } finally {
    // Left on, a terminal would go on without its cursor.
    bars[0]?.end()
  }
}

function verdictJson(verdict: LogVerdict) {
  return {
    ok: verdict.ok,
    events: verdict.events,
    disclosures: verdict.disclosures,
    trees: verdict.trees.map(({ writer, epoch, size, root, witnessed }) => ({
      writer,
      epoch,
      size,
      root,
      witnessed,
    })),
    findings: verdict.findings.map((finding) => ({ ...finding })),
  }
}

function renderVerdict(verdict: LogVerdict, { style }: Output): string {
  const trees = verdict.trees.map(
    ({ writer, epoch, size, root }) => `  ${writer}/${epoch}  ${size} events  root ${root}`,
  )
  const findings = verdict.findings.map(({ kind, writer, epoch, seq, text }) => {
    const place = writer === null ? '' : ` ${writer}/${epoch ?? '?'}${seq === null ? '' : ` event ${seq}`}`
    return `  ${style.red(kind)}${place}: ${text}`
  })
  const headline = verdict.ok
    ? style.green(`✓ the log is whole: ${verdict.events} events, ${verdict.disclosures} disclosures`)
    : style.red(
        `✗ the log is not as it was signed: ${verdict.findings.length} findings in ${verdict.events} events`,
      )
  return [headline, ...trees, ...findings].join('\n')
}
