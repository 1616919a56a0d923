/*
 * Measures the documents on one log. Arguments: how many events, and how many accesses the much looked-at person has (0: nobody).
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generateLogKeys, openAccessLogReader, writeLogKeys } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { isoToMicros } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { migrate, openDatabase, openLogStore, startEmbeddedServer } from '@varco/postgres'
import {
  makeBreachScope,
  makeProcessingRegister,
  makeSubjectReport,
  renderHtml,
  renderJson,
  renderPdf,
  type SubjectRecords,
} from '@varco/reports'
import { memorySubjectRecords, reportedBundle } from '@varco/reports/testing'
import { ROWS } from '../../../packages/reports/tests/sample-body.ts'
import { fillLog } from '../console/fill-log.ts'
import { median } from '../log/workload.ts'
import { runScript } from '../../support/run-script.ts'

const ASKED = 9
const ACCESSES = 140
const DISCLOSURES = 20_000
const CALLERS = 500
/** People whose records the compromised operator saw. */
const REACHED = 7_000
const NOBODY = '00000000000000000000000000000000'

const dir = await mkdtemp(path.join(tmpdir(), 'varco-bench-report-'))
try {
  await chmod(dir, 0o755)
  console.log(JSON.stringify(await measure(Number(process.argv[2]), Number(process.argv[3]))))
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function measure(events: number, most: number): Promise<unknown> {
  await using server = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
  await using database = openDatabase({ url: server.url })
  await migrate(database)
  await using store = openLogStore(database, { mindsClock: false })
  const keys = generateLogKeys('gse.example/varco')
  const clock = new ManualClock(isoToMicros('2026-11-24T08:00:00Z') ?? 0n)
  console.log(`filling up to ${events} events`)
  await using filled = await fillLog({ ...{ database, store, keys, clock, events }, person: NOBODY })
  const { log } = filled
  const access = async (id: string, operator: string, n: number): Promise<unknown> => {
    clock.advance(1_000_000n)
    return log.append(
      eventDraft({
        ...{ processor: 'aurora', contract: 'aurora-2026', unit: 'contact-centre', operator },
        ticket: `T-2026-${n}`,
        plain: ['number', 'period', 'amount', 'status'],
        masked: ['iban', 'tax_code'],
        disclosures: [{ resource: 'invoice', recordKey: String(n), dataSubject: { kind: 'producer', id } }],
      }),
    )
  }
  const accesses = async (count: number, make: (n: number) => Promise<unknown>): Promise<void> => {
    let n = 0
    const caller = async (): Promise<void> => {
      while (n++ < count) await make(n)
    }
    await Promise.all(Array.from({ length: CALLERS }, caller))
  }
  // Those of the one person lie scattered among the others, as they would.
  const apart = Math.floor((ACCESSES + DISCLOSURES) / ACCESSES)
  await accesses(ACCESSES + DISCLOSURES, async (n) =>
    n % apart === 0 ? access('P1', 'AUR-7F3K2', n) : access('P-breach', 'AUR-STOLEN', n),
  )
  await accesses(most, async (n) => access('P-big', 'AUR-4MX7C', n))
  await database.pool.query('ANALYZE varco.events')
  await database.pool.query('ANALYZE varco.disclosures')

  const bundle = reportedBundle()
  const records: SubjectRecords = {
    ...memorySubjectRecords(ROWS),
    ownersOf: async (_bundle, _resource, keys) =>
      new Map(keys.map((key) => [key, { kind: 'producer', id: `P-${Number(key) % REACHED}` }])),
  }
  const deps = {
    ...{ log, bundle, reader: openAccessLogReader({ store, keys }), records },
    requestId: () => 'bench',
  }
  const by = { locale: 'it', requestedBy: 'RPD-2K9QX' } as const
  const report = (): ReturnType<typeof makeSubjectReport> =>
    makeSubjectReport(deps, {
      ...by,
      identifier: 'DCLGLI80A41H501X',
      dataSubjects: [{ kind: 'producer', id: 'P1' }],
    })
  console.log('measuring')
  const figures = {
    json_ms: await timed(async () => renderJson(await report())),
    html_ms: await timed(async () => renderHtml(await report())),
    pdf_ms: await timed(async () => renderPdf(await report())),
    breach_ms: await timed(
      async () =>
        makeBreachScope(deps, {
          ...by,
          reference: 'INC-1',
          description: 'Credenziali sottratte.',
          awareAt: clock.now(),
          compromised: { from: 0n, to: clock.now(), operator: 'AUR-STOLEN' },
          withPeople: false,
        }),
      3,
    ),
    register_ms: await timed(async () =>
      makeProcessingRegister(deps, { ...by, asOf: { bundle, at: clock.now() } }),
    ),
  }
  if (most === 0) return figures
  console.log(`the report of ${most} accesses`)
  await writeLogKeys(path.join(dir, 'keys'), keys)
  const printed = await runScript([
    path.join(import.meta.dirname, 'make-long-report.ts'),
    ...[server.url, path.join(dir, 'keys'), path.join(dir, 'reports')],
  ])
  return { ...figures, ...(JSON.parse(printed) as object) }
}

/** Milliseconds, the middle of several. */
async function timed(work: () => Promise<unknown>, times = ASKED): Promise<number> {
  await work()
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    const started = performance.now()
    await work()
    taken.push(performance.now() - started)
  }
  return Math.round(median(taken))
}
