// A candidate beside the bundle in force on two nodes: its differences add up, and no caller ever sees one.
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { must, sampleDesk, type SampleDesk } from '../support/sample-desk.ts'
import { startSampleStack, type SampleStack } from '../support/sample-stack.ts'

const PURPOSE = 'invoice-enquiry'

let sample: SampleStack
let desk: SampleDesk
let nodes: readonly [string, string]
const second = new AbortController()
let ending: Promise<unknown>

beforeAll(async () => {
  sample = await startSampleStack({ producers: 200 })
  desk = await sampleDesk(sample, PURPOSE)
  const { addresses } = sample.stack.identityProvider
  const out = new PassThrough()
  const started = new Promise<string>((resolve) => {
    out.once('data', (line: Buffer) => {
      resolve(String(line))
    })
  })
  const env = {
    ...sample.home.env,
    VARCO_WRITER: 'proxy-2',
    VARCO_ISSUER_ADDRESSES: Object.entries(addresses)
      .map((pair) => pair.join('='))
      .join(','),
  }
  ending = runVarco(['--json', 'serve', '--only', 'proxy'], {
    ...{ env, out, err: new PassThrough().resume(), stop: second.signal },
  })
  const { proxyUrl } = JSON.parse(await started) as { proxyUrl: string }
  nodes = [must(sample.stack.serving.proxyUrl), proxyUrl]
})

afterAll(async () => {
  second.abort()
  await ending
  await sample[Symbol.asyncDispose]()
})

async function varco(...argv: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const said = Promise.all([text(out), text(err)])
  const { env } = sample.home
  const exitCode = await runVarco(argv, { env, out, err, stop: new AbortController().signal })
  out.end()
  err.end()
  const [stdout, stderr] = await said
  return { exitCode, stdout, stderr }
}

async function ask(node: string): Promise<{ status: number; body: string }> {
  const { ticket, token } = desk
  const query = `select=number,amount,status&producer_id=eq.${ticket.dataSubject}&limit=2`
  const response = await fetch(`${node}/records/invoice?${query}`, {
    headers: { authorization: `Bearer ${token}`, 'varco-purpose': PURPOSE, 'varco-ticket': ticket.id },
  })
  return { status: response.status, body: await response.text() }
}

interface Listed {
  readonly isOn: boolean
  readonly tallies: readonly {
    readonly asked: number
    readonly differing: number
    readonly left: number
    readonly failed: number
    readonly differences: readonly {
      readonly resource: string
      readonly candidate: string
      readonly count: number
    }[]
  }[]
}

async function listed(): Promise<Listed> {
  return JSON.parse((await varco('--json', 'policy', 'shadow', '--live')).stdout) as Listed
}

/** The sample bundle, but for one rule. */
async function pushed(name: string, change: (rules: string) => string): Promise<string> {
  const folder = path.join(sample.home.dir, name)
  await cp(must(sample.home.env['VARCO_POLICIES']), folder, { recursive: true })
  const file = path.join(folder, 'access', 'contact-centre.yaml')
  const rules = await readFile(file, 'utf8')
  expect(change(rules)).not.toBe(rules)
  await writeFile(file, change(rules))
  const answer = JSON.parse((await varco('--json', 'policy', 'push', folder, '--by', 'ADM-9')).stdout) as {
    version: string
  }
  return answer.version
}

test('differences of two nodes add up, row by row, while every caller gets the answer of the bundle in force', async () => {
  const before = await ask(nodes[0])
  expect(before.status).toBe(200)
  expect((JSON.parse(before.body) as unknown[]).length).toBeGreaterThan(0)
  expect(await varco('policy', 'shadow', '--live')).toMatchObject({
    exitCode: 0,
    stdout: 'no candidate has been asked on live traffic yet\n',
  })
  expect((await varco('policy', 'shadow', '--live', 'off')).exitCode).not.toBe(0)

  // The same fields, and no row: only a comparison of the rows themselves can tell.
  const candidate = await pushed('rows', (rules) =>
    rules.replace(
      'status: { in: [issued, paid, disputed, suspended] }',
      'status: { in: [suspended], neq: suspended }',
    ),
  )
  expect(await varco('policy', 'shadow', '--live', candidate.slice(0, 10), '--by', 'ADM-9')).toMatchObject({
    exitCode: 0,
  })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  for (let round = 0; round < 5; round++) {
    expect(await Promise.all(nodes.map(ask))).toEqual([before, before])
  }
  await vi.waitFor(
    async () => {
      expect(await listed()).toMatchObject({
        isOn: true,
        tallies: [
          {
            ...{ asked: 10, differing: 10, left: 0, failed: 0 },
            differences: [{ resource: 'invoice', count: 10 }],
          },
        ],
      })
    },
    { timeout: 20_000, interval: 1_000 },
  )
  expect((await varco('policy', 'shadow', '--live')).stdout).toMatch(/10 of 10 answers would differ/)

  expect(await varco('policy', 'shadow', '--live', 'off', '--by', 'ADM-9')).toMatchObject({ exitCode: 0 })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await Promise.all(nodes.map(ask))
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(await listed()).toMatchObject({ isOn: false, tallies: [{ asked: 10 }] })
})

test('starting and ending a comparison stands in the log; nothing the comparison kept names a person or a value', async () => {
  const { databases, reader } = sample.stack.services
  const { pool } = databases.state
  const { events } = await reader.search({ kind: 'policy-shadowed', limit: 10 })
  expect(events.map(({ detail, operator }) => [operator, JSON.stringify(detail)])).toEqual([
    ['ADM-9', '{"candidate":"none"}'],
    ['ADM-9', expect.stringMatching(/^\{"candidate":"[0-9a-f]{64}"\}$/)],
  ])
  const kept = await pool.query<{ difference: unknown }>(
    'SELECT difference FROM varco.policy_shadow_differences',
  )
  const everything = JSON.stringify(kept.rows)
  expect(kept.rows.length).toBeGreaterThan(0)
  expect(everything).not.toContain(desk.ticket.dataSubject)
  expect(everything).not.toContain(desk.operator.username)
  expect(everything).not.toContain(desk.ticket.id)
})

test('with the tables of the comparison gone, requests are answered as before', async () => {
  const candidate = await pushed('other', (rules) => rules.replace('iban: last4', 'iban: redact'))
  expect(await varco('policy', 'shadow', '--live', candidate, '--by', 'ADM-9')).toMatchObject({ exitCode: 0 })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const { pool } = sample.stack.services.databases.state
  await pool.query('DROP TABLE varco.policy_shadow_differences, varco.policy_shadow_tallies')
  for (let round = 0; round < 3; round++) {
    expect((await Promise.all(nodes.map(ask))).map(({ status }) => status)).toEqual([200, 200])
    await new Promise((resolve) => setTimeout(resolve, 600))
  }
})
