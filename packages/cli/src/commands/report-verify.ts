import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  readReport,
  renderJson,
  verifyReport,
  verifySignature,
  type ReportProblem,
  type ReportVerification,
} from '@varco/reports'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { homeOf } from '../compose/home.ts'
import { parseReportVerifier } from '../compose/report-key.ts'
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
    .option('--signature <file>', 'also the body’s signature over it, NAME.json.jws')
    .option(
      '--signer <file>',
      'the body’s public key for reports, report-verifier.pub; needed with --signature',
    )
    .addHelpText('after', '\nExample:\n  $ varco report verify report.pdf --key log-verifier.pub')
    .action((file: string, options: VerifyOptions) => run(verifyWork(file, options)))
}

interface VerifyOptions {
  readonly key?: string
  readonly signature?: string
  readonly signer?: string
}

function verifyWork(file: string, options: VerifyOptions): CommandWork {
  return async ({ config, output }) => {
    const key = await readGiven(options.key ?? path.join(homeOf(config).keys, 'log-verifier.pub'))
    const report = await readGiven(file)
    if (key === null || report === null) {
      output.problem(
        key === null
          ? 'the log’s public key cannot be read; give it with --key'
          : `the file ${file} cannot be read`,
      )
      return 2
    }
    const signature = await checkSignature(report, options)
    if (signature === 'unreadable') {
      output.problem(
        'signature and public key must both be given, with --signature and --signer, and be readable',
      )
      return 2
    }
    const verification = verifyReport(report, key.toString('utf8'))
    output.answer(
      { ...verification, signature, problems: verification.problems.map((problem) => ({ ...problem })) },
      [inWords(verification, output), ...signatureInWords(signature, output)].join('\n'),
    )
    return verification.ok && signature !== 'broken' ? 0 : 1
  }
}

type SignatureVerdict = 'not-asked' | 'holds' | 'broken' | 'unreadable'

async function checkSignature(
  report: Uint8Array,
  { signature, signer }: VerifyOptions,
): Promise<SignatureVerdict> {
  if (signature === undefined && signer === undefined) return 'not-asked'
  const [jws, pem] = await Promise.all([signature, signer].map((file) => readGiven(file ?? '')))
  const key = parseReportVerifier(pem?.toString('utf8') ?? '')
  if (jws === null || jws === undefined || key === null) return 'unreadable'
  const read = readReport(report)
  const holds = read !== null && (await verifySignature(renderJson(read), jws.toString('utf8'), key))
  return holds ? 'holds' : 'broken'
}

function signatureInWords(signature: SignatureVerdict, { style }: Output): readonly string[] {
  if (signature === 'not-asked') return []
  return signature === 'holds'
    ? [style.green('✓ the signature is the body’s')]
    : [style.red('✗ the signature does not hold under this key')]
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
