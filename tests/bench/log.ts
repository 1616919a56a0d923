/*
 * `npm run bench -- log [EVENTS]`: appending against the same rows with no hashing, one and two writers with few callers and many, then verification and look-ups of
 * one data subject among a million and five million events, or as many as EVENTS allows: what was not measured is null. All on one
 * PostgreSQL in a folder of its own, durable.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { appendOnce, fileAnchor, generateLogKeys, writeLogKeys, type AccessLog } from '@varco/access-log'
import { systemClock } from '@varco/core'
import { migrate, openDatabase, openLogStore, startEmbeddedServer } from '@varco/postgres'
import { measureAppending, measureRaw } from './log/appending.ts'
import { logBytes, measureSearching } from './log/searching.ts'
import { median } from './log/workload.ts'

const MILLION = 1_000_000
const FIVE_MILLION = 5 * MILLION
const REPETITIONS = 3
const SOURCES = ['--conditions=varco:source']
/** Compiled, and with the heap of `varco log`: loading the packages is what takes most of the memory. */
const AS_SHIPPED = ['--semi-space-growth-factor=1', '--heap-growing-percent=30']

export default async function bench(
  args: readonly string[],
): Promise<Readonly<Record<string, number | string | null>>> {
  const most = Number(args[0] ?? FIVE_MILLION)
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-bench-log-'))
  await chmod(dir, 0o755)
  try {
    return await measure(dir, most)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function measure(dir: string, most: number): Promise<Readonly<Record<string, number | string | null>>> {
  const keysDir = path.join(dir, 'keys')
  const anchor = path.join(dir, 'anchor')
  await using server = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
  await using database = openDatabase({ url: server.url })
  await migrate(database)
  await using store = openLogStore(database)
  const keys = generateLogKeys('bench.example/varco')
  await writeLogKeys(keysDir, keys)
  const child = (script: string, ...args: readonly string[]): Promise<string> =>
    inProcess(path.join(import.meta.dirname, 'log', script), SOURCES, [server.url, keysDir, ...args])
  await compile()

  const rows: string[][] = [['callers', 'events/s', 'raw events/s', 'ratio', 'p50 ms']]
  const appended: Record<number, { ratio: number; eventsPerS: number; p50Ms: number }> = {}
  for (const callers of [1, 8, 64]) {
    const runs: { ratio: number; eventsPerS: number; raw: number; p50Ms: number }[] = []
    for (let i = 0; i < REPETITIONS; i++) {
      const full = await measureAppending(store, keys, `full-${callers}-${i}`, callers)
      const { eventsPerS, p50Ms } = full
      const raw = await measureRaw(store, `raw-${callers}-${i}`, full)
      runs.push({ ratio: eventsPerS / raw, eventsPerS, raw, p50Ms })
    }
    const of = (key: 'ratio' | 'eventsPerS' | 'raw' | 'p50Ms'): number => median(runs.map((run) => run[key]))
    appended[callers] = { ratio: of('ratio'), eventsPerS: of('eventsPerS'), p50Ms: of('p50Ms') }
    rows.push([
      String(callers),
      of('eventsPerS').toFixed(0),
      of('raw').toFixed(0),
      of('ratio').toFixed(2),
      of('p50Ms').toFixed(2),
    ])
  }
  printTable(rows)

  const twoAgainstOne: Record<number, number> = {}
  console.log()
  for (const callers of [1, 8, 64]) {
    const one = await writersTogether(child, [`one-${callers}`], callers)
    const two = await writersTogether(child, [`two-a-${callers}`, `two-b-${callers}`], callers)
    twoAgainstOne[callers] = two / one
    console.log(
      `writers in processes of their own, ${callers} callers each: one ${one.toFixed(0)}/s, two ${two.toFixed(0)}/s`,
    )
  }

  await database.pool.query(
    'TRUNCATE varco.heads, varco.events, varco.disclosures, varco.checkpoints, varco.tiles',
  )
  const table: string[][] = [
    ['events', 'verified/s', 'memory MB', 'data subject p50 ms', 'export of all ms', 'rows', 'bytes/event'],
  ]
  const results: { events: number; perS: number; rssMb: number; sqlP50Ms: number; bytes: number }[] = []
  let filled = 0
  const exportsLog: AccessLog = {
    append: (draft) =>
      appendOnce({ store, keys, clock: systemClock, writer: 'bench', anchors: [fileAnchor(anchor)] }, draft),
  }
  for (const events of sizesUpTo(most)) {
    await fill(child, anchor, filled, events, most)
    await database.pool.query('VACUUM ANALYZE')
    filled = events
    const { perS, rssMb } = JSON.parse(
      await inProcess(path.join(import.meta.dirname, 'log', 'verifier.ts'), AS_SHIPPED, [
        server.url,
        keysDir,
        anchor,
      ]),
    ) as { perS: number; rssMb: number }
    const {
      sqlP50Ms,
      exportP50Ms,
      rows: found,
    } = await measureSearching(store, keys, exportsLog, Math.floor((events - 1) / MILLION))
    const bytes = (await logBytes(database)) / events
    results.push({ events, perS, rssMb, sqlP50Ms, bytes })
    table.push(
      [events, perS, rssMb, sqlP50Ms.toFixed(1), exportP50Ms.toFixed(1), found, bytes].map((cell) =>
        typeof cell === 'number' ? cell.toFixed(0) : cell,
      ),
    )
  }
  console.log()
  printTable(table)
  const last = results.at(-1)
  const round = (value: number | undefined, digits = 2): number => Number((value ?? 0).toFixed(digits))
  const lookUpAmong = (size: number): number | null => {
    const measured = results.find(({ events }) => events === size)
    return measured === undefined ? null : round(measured.sqlP50Ms)
  }
  return {
    bench: 'log',
    vs_raw_c1: round(appended[1]?.ratio),
    vs_raw_c8: round(appended[8]?.ratio),
    vs_raw_c64: round(appended[64]?.ratio),
    events_per_s_c64: round(appended[64]?.eventsPerS, 0),
    p50_ms_c1: round(appended[1]?.p50Ms),
    two_writers_x_c1: round(twoAgainstOne[1]),
    two_writers_x_c8: round(twoAgainstOne[8]),
    two_writers_x: round(twoAgainstOne[64]),
    verify_per_s: round(last?.perS, 0),
    data_subject_1m_p50_ms: lookUpAmong(MILLION),
    data_subject_5m_p50_ms: lookUpAmong(FIVE_MILLION),
    bytes_per_event: round(last?.bytes, 0),
    rss_mb: round(last?.rssMb, 0),
  }
}

/** A million, five million, and as many as was asked for, none of them larger. */
function sizesUpTo(most: number): readonly number[] {
  return [...[MILLION, FIVE_MILLION].filter((size) => size < most), most]
}

/** Verification runs compiled, as users have it; stripping types takes more memory than verifying. */
async function compile(): Promise<void> {
  await inProcess(path.join('node_modules', 'typescript', 'bin', 'tsc'), [], ['-b', 'packages/postgres'])
}

type Child = (script: string, ...args: readonly string[]) => Promise<string>

async function writersTogether(child: Child, names: readonly string[], callers: number): Promise<number> {
  const printed = await Promise.all(names.map((name) => child('writer.ts', name, String(callers))))
  return printed.reduce((sum, line) => sum + (JSON.parse(line) as { eventsPerS: number }).eventsPerS, 0)
}

/** Two writers share the work, as two processes would share a year. */
async function fill(child: Child, anchor: string, from: number, to: number, of: number): Promise<void> {
  const middle = Math.floor((from + to) / 2)
  console.log(`filling up to ${to} events`)
  await Promise.all([
    child('filler.ts', anchor, 'writer-a', String(from), String(middle), String(of)),
    child('filler.ts', anchor, 'writer-b', String(middle), String(to), String(of)),
  ])
}

/** Runs a script to its end; returns the last line it printed. */
async function inProcess(script: string, flags: readonly string[], args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...flags, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const printed = text(child.stdout)
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${path.basename(script)} ended with ${String(code)}`)
  return (await printed).trim().split('\n').at(-1) ?? ''
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of rows)
    console.log(row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '))
}
