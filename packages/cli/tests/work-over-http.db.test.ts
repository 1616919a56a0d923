import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'
import { asId, silentDiagnostics, type ContractId, type RequestId } from '@varco/core'
import {
  closeWorkMonths,
  declaredWorkCounts,
  sealedWorkKeys,
  type WorkClosings,
  type WorkDesk,
} from '@varco/engagement'
import { closingsIn, assignmentFact, operatorFact, RecordedActs } from '@varco/engagement/testing'
import { fixtureBundle } from '@varco/policy/testing'
import { openWorkStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { serveProxy } from '@varco/proxy'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { gatehouse, tokenOf, type Gatehouse } from '../../proxy/tests/gatehouse.ts'

const MONTH_US = 31n * 86_400_000_000n
const WORKERS = ['bea', 'carla', 'dino', 'elsa', 'fabio']
const stack = new AsyncDisposableStack()
let gate: Gatehouse
let desk: WorkDesk & { readonly closings: WorkClosings }
let url: string
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-work-'))
  stack.defer(() => rm(dir, { recursive: true }))
  const database = stack.use(await scratchDatabase(inject('serverUrl')))
  const acts = new RecordedActs()
  const keys = sealedWorkKeys(Buffer.alloc(32, 9))
  desk = { store: openWorkStore(database), keys, log: acts, closings: closingsIn(acts) }
  gate = await gatehouse({ work: desk })
  await gate.engagement.putMany({
    operators: WORKERS.map((name) => operatorFact({ id: asId(`aurora:${name}`), externalId: name })),
    assignments: WORKERS.map((name) =>
      assignmentFact({ operator: asId(`aurora:${name}`), pseudonym: asId(`AUR-${name}`) }),
    ),
  })
  const served = await serveProxy(gate.app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics })
  stack.use(served)
  url = served.url
})

afterAll(() => stack.disposeAsync())

async function varco(...argv: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const said = Promise.all([text(out), text(err)])
  const exitCode = await runVarco(argv, { env: {}, out, err, stop: new AbortController().signal })
  out.end()
  err.end()
  const [stdout, stderr] = await said
  return { exitCode, stdout, stderr }
}

const fileOf = (name: string): string => path.join(dir, `${name}.json`)

async function take(name: string, out = fileOf(name)) {
  const bearer = path.join(dir, `${name}.bearer`)
  await writeFile(bearer, await tokenOf(name))
  const whose = ['--contract', 'aurora-2026', '--month', '2026-06']
  return varco('work', 'take', '--url', url, ...whose, '--bearer', bearer, '--out', out)
}

const declare = (name: string, ...hours: readonly string[]) =>
  varco(
    'work',
    'declare',
    '--url',
    url,
    '--token',
    fileOf(name),
    ...hours.flatMap((each) => ['--hours', each]),
  )

test('a contract’s workers take their tokens, declare a month later without login, and are counted together', async () => {
  for (const name of WORKERS) {
    const { exitCode, stdout, stderr } = await take(name)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/key [0-9a-f]{64}, entry acts\.1\.1 of the log/)
  }
  // The file is its holder's alone, and says nothing of who took it.
  expect((await stat(fileOf('bea'))).mode & 0o777).toBe(0o600)
  expect(await readFile(fileOf('bea'), 'utf8')).not.toContain('bea')
  const second = await take('bea', fileOf('second'))
  expect([second.exitCode, second.stderr]).toEqual([1, expect.stringContaining('già stato ritirato')])

  expect((await declare('bea', 'invoice-enquiry=8')).exitCode).toBe(1)
  gate.clock.advance(MONTH_US)
  for (const [i, name] of WORKERS.toReversed().entries()) {
    const { exitCode, stderr } = await declare(name, `antimafia-assessment=${30 + i}`, 'invoice-enquiry=10')
    expect([exitCode, stderr]).toEqual([0, ''])
  }
  const twice = await declare('dino', 'antimafia-assessment=1')
  expect([twice.exitCode, twice.stderr]).toEqual([1, expect.stringContaining('già stata consegnata')])

  gate.clock.advance(MONTH_US)
  const occasion = { bundle: fixtureBundle(), now: gate.clock.now(), requestId: asId<RequestId>('request') }
  expect(await closeWorkMonths(desk, occasion)).toMatchObject({ closed: 1 })
  const [june] = await declaredWorkCounts(desk).counted(asId<ContractId>('aurora-2026'), '2026-06', '2026-06')
  expect(june).toMatchObject({
    ...{ declarers: 5, unsigned: 0 },
    purposes: [
      { purpose: 'antimafia-assessment', hours: 160, declarers: 5 },
      { purpose: 'invoice-enquiry', hours: 50, declarers: 5 },
    ],
  })
  // Of all this the access log has no entry.
  expect(gate.log.drafts).toEqual([])
})
