import { readdir, readlink } from 'node:fs/promises'
import { createSampleBody } from '@varco/demo'
import { eventDraft } from '@varco/access-log/testing'
import { asId, envToConfig, silentDiagnostics, UnavailableError, type OperatorId } from '@varco/core'
import { readReport, verifyReport } from '@varco/reports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consoleReports } from '../src/compose/console-reports.ts'
import { openServices, type Services } from '../src/compose/services.ts'
import { openMigratedCommandLine, POLICIES, type CommandLine } from './command-line.ts'

/** `VARCO_ROUNDS=100` makes a report of sixty thousand accesses. */
const ACCESSES = 600 * Number(process.env['VARCO_ROUNDS'] ?? 1)
const CALLERS = 200

const stack = new AsyncDisposableStack()
let terminal: CommandLine
let services: Services
/** Somebody many looked at, and somebody nobody did. */
let people: { readonly id: string; readonly tax_code: string }[]

beforeAll(async () => {
  terminal = stack.use(await openMigratedCommandLine())
  await createSampleBody(terminal.database.pool, { now: BigInt(Date.now()) * 1_000n, producers: 20 })
  const env = {
    VARCO_HOME: `${terminal.dir}/home`,
    VARCO_POLICIES: POLICIES,
    DATABASE_URL: terminal.database.url,
    VARCO_LOG_LEVEL: 'silent',
  }
  services = stack.use(await openServices({ config: envToConfig(env), diagnostics: silentDiagnostics }))
  const { rows } = await terminal.database.pool.query<{ id: string; tax_code: string }>(
    'SELECT producer_id AS id, tax_code FROM gse.producer WHERE tax_code IS NOT NULL ORDER BY producer_id LIMIT 2',
  )
  people = rows
  await look(people[0]?.id ?? '', ACCESSES)
}, 240_000)

afterAll(() => stack.disposeAsync())

/** Through a log of the server's own, which takes many at once. */
async function look(id: string, times: number): Promise<void> {
  const { openAccessLog } = await import('@varco/access-log')
  const { keys, logStore: store, clock } = services
  await using log = await openAccessLog({ store, keys: keys.log, clock, writer: asId('proxy-1') })
  let n = 0
  const caller = async (): Promise<void> => {
    while (n++ < times)
      await log.append(
        eventDraft({
          ...{ operator: 'AUR-7F3K2', purpose: 'invoice-enquiry', ticket: `T-2026-${n}` },
          disclosures: [{ resource: 'invoice', recordKey: String(n), dataSubject: { kind: 'producer', id } }],
        }),
      )
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
}

const BY = { pseudonym: 'RPD-2K9QX', person: asId<OperatorId>('op-1'), locale: 'it', format: 'pdf' } as const

const subjectOrder = (i: number) =>
  ({ kind: 'subject', identifier: people[i]?.tax_code ?? '', request: 'RQ-2026-000001' }) as const

async function namesLeft(): Promise<readonly string[]> {
  const names = await readdir(services.home.reports).catch(() => [])
  return names
}

test('a long report is made beside the server, which goes on serving, and is whole and proved', async () => {
  await using reports = consoleReports(services, services.commandLog)
  const began = { loop: performance.eventLoopUtilization(), heap: process.memoryUsage().heapUsed }
  const report = await reports.make(subjectOrder(0), BY)
  if (typeof report === 'string' || !('outcome' in report)) throw new Error('it was not made apart')
  const steps = new Set<string>()
  const watching = setInterval(() => {
    const { step, done, of } = report.progress()
    if (done > 0) steps.add(`${step} ${of ?? '?'}`)
  }, 20)
  const outcome = await report.outcome
  clearInterval(watching)
  const { utilization } = performance.eventLoopUtilization(began.loop)
  const grown = process.memoryUsage().heapUsed - began.heap
  if (outcome.kind !== 'made') throw new Error(JSON.stringify(outcome))
  // Made here, this process would have had next to nothing else to do; of each access it would have held kilobytes for a while.
  expect(utilization).toBeLessThan(0.4)
  expect(grown).toBeLessThan(16 * 1024 * 1024)
  expect([...steps].map((step) => step.split(' ')[0])).toEqual(
    expect.arrayContaining(['gathering', 'setting']),
  )

  const pieces: Uint8Array[] = []
  for await (const piece of outcome.file.pieces()) pieces.push(piece)
  const pdf = Buffer.concat(pieces)
  expect(pdf.length).toBe(outcome.file.size)
  const read = readReport(pdf)
  expect(read?.format === 'varco/subject-report' && read.accesses.length).toBe(ACCESSES)
  expect(verifyReport(pdf, services.keys.log.verifier)).toMatchObject({ ok: true })
  const { events } = await services.reader.search({ kind: 'report-made', limit: 5 })
  expect(events).toMatchObject([{ operator: 'RPD-2K9QX', detail: { content: outcome.file.made.content } }])
  expect(await namesLeft()).toEqual([])
}, 600_000)

test('given up, its process is gone, and neither a file nor an entry of the log is left', async () => {
  await using reports = consoleReports(services, services.commandLog)
  const before = (await services.reader.search({ kind: 'report-made', limit: 500 })).events.length
  const report = await reports.make(subjectOrder(0), BY)
  if (typeof report === 'string' || !('outcome' in report)) throw new Error('it was not made apart')
  await report[Symbol.asyncDispose]()
  expect(await report.outcome).toMatchObject({ kind: 'failed' })
  expect(await namesLeft()).toEqual([])
  // And their place is there again.
  const next = await reports.make(subjectOrder(0), BY)
  if (typeof next === 'string' || !('outcome' in next)) throw new Error('it was not made apart')
  await next[Symbol.asyncDispose]()
  expect((await services.reader.search({ kind: 'report-made', limit: 500 })).events).toHaveLength(before)
}, 60_000)

test('two at once and no more, of two people; what ends the server ends them', async () => {
  const underWay = []
  {
    await using reports = consoleReports(services, services.commandLog)
    underWay.push(await reports.make(subjectOrder(0), BY))
    // Under another pseudonym of theirs it is the same person.
    expect(await reports.make(subjectOrder(0), { ...BY, pseudonym: 'AUD-2K9QX' })).toBe('own')
    underWay.push(await reports.make(subjectOrder(0), { ...BY, person: asId('op-2') }))
    expect(await reports.make(subjectOrder(0), { ...BY, person: asId('op-3') })).toBe('full')
    // Short ones go on.
    await using short = await made(reports.make({ kind: 'register' }, BY))
    expect('report' in short).toBe(true)
  }
  for (const report of underWay) {
    if (typeof report === 'string' || !('outcome' in report)) throw new Error('it was not made apart')
    expect(await report.outcome).toMatchObject({ kind: 'failed' })
  }
}, 60_000)

test('what is short is made at once, in the server', async () => {
  await using reports = consoleReports(services, services.commandLog)
  await using report = await made(reports.make(subjectOrder(1), BY))
  expect('report' in report).toBe(true)
}, 60_000)

test('a breach that reached much is made beside the server too, its list of people as a table', async () => {
  await using reports = consoleReports(services, services.commandLog)
  const now = services.clock.now()
  const breach = { reference: 'INC-1', description: 'x', awareAt: now, withPeople: true }
  const compromised = { from: now - 86_400_000_000n, to: now, operator: 'AUR-7F3K2' }
  const order = { kind: 'breach', breach: { ...breach, compromised } } as const
  const few = { ...order, breach: { ...order.breach, compromised: { ...compromised, operator: 'NOBODY' } } }
  await using short = await made(reports.make(few, { ...BY, format: 'csv' }))
  expect('report' in short).toBe(true)
  const report = await reports.make(order, { ...BY, format: 'csv' })
  if (typeof report === 'string' || !('outcome' in report)) throw new Error('it was not made apart')
  const outcome = await report.outcome
  if (outcome.kind !== 'made') throw new Error(JSON.stringify(outcome))
  const [piece] = await Array.fromAsync(outcome.file.pieces())
  expect(Buffer.from(piece ?? []).toString()).toContain('Schede viste')
}, 120_000)

test('where the folder cannot be had it is said, for a short one too, and there is no process', async () => {
  const home = { ...services.home, reports: '/dev/null/reports' }
  await using reports = consoleReports({ ...services, home }, services.commandLog)
  // It takes no place of another.
  for (let i = 0; i < 3; i++) expect(await reports.make(subjectOrder(0), BY)).toBe('not-written')
  expect(await reports.make(subjectOrder(1), BY)).toBe('not-written')
})

test('where no process can be started a service is missing, and no file stays open', async () => {
  await using reports = consoleReports(services, services.commandLog)
  const program = process.execPath
  process.execPath = '/nowhere/node'
  try {
    // It takes no place of another.
    for (let i = 0; i < 3; i++)
      await expect(reports.make(subjectOrder(0), BY)).rejects.toBeInstanceOf(UnavailableError)
  } finally {
    process.execPath = program
  }
  expect(await openDocuments()).toEqual([])
}, 60_000)

async function openDocuments(): Promise<readonly string[]> {
  const fds = await readdir('/proc/self/fd')
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return targets.filter((target) => target.includes('.document.'))
}

async function made<T>(making: Promise<T | string>): Promise<Exclude<T, string>> {
  const report = await making
  if (typeof report === 'string') throw new Error(report)
  return report as Exclude<T, string>
}
