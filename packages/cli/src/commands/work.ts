import { readFile, writeFile } from 'node:fs/promises'
import { ConfigError, type ContractId } from '@varco/core'
import { workKeyDigest } from '@varco/engagement'
import { InvalidArgumentError, type Command } from 'commander'
import * as z from 'zod'
import type { CommandWork, Run } from '../command-context.ts'
import { askWorkServer } from '../work/work-server.ts'
import { blindWorkToken, workTokenSchema, type WorkTokenFile } from '../work/work-token.ts'
import { readMonth } from './report-options.ts'
import { registerWorkCheck } from './work-check.ts'
import { registerWorkReclose } from './work-reclose.ts'

interface TakeOptions {
  readonly url: URL
  readonly contract: string
  readonly month: string
  readonly bearer: string
  readonly out: string
}

interface DeclareOptions {
  readonly url: URL
  readonly token: string
  readonly hours: Readonly<Record<string, number>>
}

export function registerWork(program: Command, run: Run): void {
  const work = program
    .command('work')
    .description('work done off the system: taken a token for, declared without a name, checked')
  work
    .command('take')
    .description('takes this month’s token, signed by the proxy without being read; keep its file')
    .requiredOption('--url <address>', 'the proxy’s', readUrl)
    .requiredOption('--contract <id>', 'the contract one works under')
    .requiredOption('--month <month>', 'the current one, such as 2026-11', readMonth)
    .requiredOption('--bearer <file>', 'a file with the token of one’s identity provider')
    .requiredOption('--out <file>', 'where to keep the token; it must not exist')
    .addHelpText(
      'after',
      '\nExample:\n  $ varco work take --url https://varco.example --contract aurispola-2026 --month 2026-11 --bearer token.txt --out november.json',
    )
    .action((options: TakeOptions) => run(takeWork(options)))
  work
    .command('declare')
    .description(
      'hands a token in with the hours worked, in the month after it; no login, best from another network',
    )
    .requiredOption('--url <address>', 'the proxy’s', readUrl)
    .requiredOption('--token <file>', 'as `varco work take` wrote it')
    .requiredOption('--hours <purpose=hours>', 'whole hours; once for each purpose', readHours, {})
    .addHelpText(
      'after',
      '\nExample:\n  $ varco work declare --url https://varco.example --token november.json --hours reception=24 --hours trade-fair-contact=16',
    )
    .action((options: DeclareOptions) => run(declareWork(options)))
  registerWorkCheck(work, run)
  registerWorkReclose(work, run)
}

const keySchema = z.looseObject({ public_key: z.base64url(), digest: z.string(), event: z.string() })
const signedSchema = keySchema.extend({ blind_signature: z.base64url() })
const takenInSchema = z.looseObject({ taken_in: z.literal(true) })

function takeWork({ url, contract, month, bearer, out }: TakeOptions): CommandWork {
  return async ({ output }) => {
    const credential = (await read(bearer, '--bearer')).trim()
    const owner = { contract: contract as ContractId, month }
    // Without saying who asks, so that everybody is told the same key: one made for this worker would not fit.
    const path = `/work/${encodeURIComponent(contract)}/${month}`
    const key = await askWorkServer(at(url, path), keySchema)
    const publicKey = Buffer.from(key.public_key, 'base64url')
    const { blinded, unblind } = await blindWorkToken(owner, publicKey)
    const { blind_signature: signature } = await askWorkServer(at(url, '/me/work-token'), signedSchema, {
      bearer: credential,
      body: { month, blinded: Buffer.from(blinded).toString('base64url') },
    })
    const token = await unblind(Buffer.from(signature, 'base64url')).catch(() => null)
    if (token === null) {
      output.problem(
        'the signature is not by the key that everybody is told: do not use it, and tell the data protection officer',
      )
      return 1
    }
    await writeFile(out, `${JSON.stringify(token, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
    const digest = workKeyDigest(publicKey)
    output.answer(
      { contract, month, key: digest, event: key.event, file: out },
      [
        `token of ${contract} for ${month}: ${out}`,
        `key ${digest}, entry ${key.event} of the log: colleagues must see the same`,
        'hand it in next month; whoever has the file declares in its place',
      ].join('\n'),
    )
    return 0
  }
}

function declareWork({ url, token: file, hours }: DeclareOptions): CommandWork {
  return async ({ output }) => {
    const { format: _, ...token } = await readToken(file)
    await askWorkServer(at(url, '/work/declarations'), takenInSchema, { body: { token, hours } })
    const all = Object.values(hours).reduce((sum, each) => sum + each, 0)
    output.answer(
      { contract: token.contract, month: token.month, hours: { ...hours } },
      `${all} hours of ${token.month} declared; they are counted when the month is closed. The token is used: delete ${file}`,
    )
    return 0
  }
}

async function readToken(file: string): Promise<WorkTokenFile> {
  const text = await read(file, '--token')
  try {
    return workTokenSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new ConfigError('token', 'the file in --token is not a token of `varco work take`', { cause })
  }
}

async function read(file: string, option: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(option, `the file in ${option} cannot be read`, { cause })
  })
}

function at(base: URL, path: string): URL {
  return new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base)
}

function readUrl(value: string): URL {
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new InvalidArgumentError('an address is written https://varco.example')
  return url
}

function readHours(value: string, said: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, purpose = '', hours = ''] = /^([^=]+)=(\d{1,3})$/.exec(value) ?? []
  if (purpose === '') throw new InvalidArgumentError('hours are written reception=24')
  return { ...said, [purpose]: Number(hours) }
}
