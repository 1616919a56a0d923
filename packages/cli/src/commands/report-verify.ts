import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { verifyReport, type ReportProblem, type ReportVerification } from '@varco/reports'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { homeOf } from '../compose/home.ts'
import type { Output } from '../output.ts'

/** Needs no database: a citizen or a supervisor runs it anywhere. */
export function registerReportVerify(report: Command, run: Run): void {
  report
    .command('verify')
    .description(
      'check a report with the log’s public key alone, connected to nothing; exit 1 if anything is wrong',
    )
    .argument('<file>', 'the report: its JSON, HTML or PDF')
    .option('--key <file>', 'the log’s public key (default: log-verifier.pub among the keys)')
    .addHelpText('after', '\nExample:\n  $ varco report verify report.pdf --key log-verifier.pub')
    .action((file: string, options: { key?: string }) => run(verifyWork(file, options.key)))
}

function verifyWork(file: string, keyFile: string | undefined): CommandWork {
  return async ({ config, output }) => {
    const key = await readGiven(keyFile ?? path.join(homeOf(config).keys, 'log-verifier.pub'))
    const report = await readGiven(file)
    if (key === null || report === null) {
      output.problem(
        key === null
          ? 'the log’s public key cannot be read; give it with --key'
          : `the file ${file} cannot be read`,
      )
      return 2
    }
    const verification = verifyReport(report, key.toString('utf8'))
    output.answer(
      { ...verification, problems: verification.problems.map((problem) => ({ ...problem })) },
      inWords(verification, output),
    )
    return verification.ok ? 0 : 1
  }
}

async function readGiven(file: string): Promise<Buffer | null> {
  return readFile(file).catch(() => null)
}

function inWords({ ok, hash, accesses, proved, problems }: ReportVerification, { style }: Output): string {
  const proofs = accesses === 0 ? '' : `: ${proved} of ${accesses} accesses proved`
  return [
    ok
      ? style.green(`✓ the report is as the log recorded it${proofs}`)
      : style.red(`✗ the report does not hold${proofs}`),
    ...(hash === null ? [] : [`  SHA-256 ${hash}`]),
    ...problems.map(({ code, event }) => `  ${event === null ? '' : `entry ${event}: `}${PROBLEMS[code]}`),
  ].join('\n')
}

const PROBLEMS: Readonly<Record<ReportProblem['code'], string>> = {
  'not-a-report': 'this is no report that this version knows',
  'proof-missing': 'its proof is missing',
  'bad-key': 'the public key is not one of a log',
  'bad-signature': 'the log’s signature does not hold under this key',
  'bad-proof': 'its proof is not well formed',
  'not-in-tree': 'it is not in the log',
  'other-place': 'it belongs to another place in the log',
  'differs-from-entry': 'the report says something else than the log',
  'content-changed': 'the report was changed after it was made',
}
