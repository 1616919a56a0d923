/*
 * `npm run bench -- oversight-against CHECKOUT`: the same two years under the watch of another checkout of this repository (of
 * before a change, with its node_modules) and of this one, in turns. What the watch keeps must be the same to the byte; how
 * much each takes is told in processor time too, PostgreSQL's included, so that other work on the machine does not matter.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { migrate, openDatabase, startEmbeddedServer } from '@varco/postgres'
import { PAST_NOW, pastOfSampleBody } from '../support/past-of-sample-body.ts'

const HERE = path.join(import.meta.dirname, '../..')
const ROUNDS = 2
const TICKS_A_SECOND = 100
/** Until the server has taken note that its last backend ended, and of the time it took. */
const REAPED_MS = 1_000
const run = promisify(execFile)

interface PassDone {
  readonly events: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly judgeSeconds: number
  readonly kept: Readonly<Record<string, string>>
}

export default async function bench([other]: readonly string[]): Promise<unknown> {
  if (other === undefined) throw new Error('which checkout is it to be held against?')
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-bench-oversight-against-'))
  await chmod(dir, 0o755)
  try {
    await using server = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
    const lookup = await fill(server.url)
    await setTimeout(REAPED_MS)
    const sides = { before: path.resolve(other), now: HERE }
    const done: Record<keyof typeof sides, PassDone[]> = { before: [], now: [] }
    let differing: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const [side, checkout] of Object.entries(sides) as [keyof typeof sides, string][]) {
        const began = await serverTicks(dir)
        const passes = await passesOf(checkout, server.url, lookup)
        await setTimeout(REAPED_MS)
        const postgres = (await serverTicks(dir)) - began
        done[side].push(...passes)
        console.log(side, describe(passes, postgres))
      }
      differing = differingTables([...done.before, ...done.now])
      if (differing.length > 0) break
    }
    for (const table of differing) console.log('differs:', table)
    return {
      bench: 'oversight-against',
      same: differing.length === 0,
      ...{ before: best(done.before), now: best(done.now) },
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** @returns the key of the lookups, in hexadecimal */
async function fill(url: string): Promise<string> {
  await using database = openDatabase({ url })
  await migrate(database)
  const { keys } = await pastOfSampleBody({ database, policies: path.join(HERE, 'policies') })
  return keys.lookup.export().toString('hex')
}

async function passesOf(checkout: string, url: string, lookup: string): Promise<readonly PassDone[]> {
  const script = path.join(import.meta.dirname, 'oversight', 'one-pass.ts')
  const { stdout } = await run(process.execPath, [
    ...['--conditions=varco:source', script, checkout, url, lookup, String(PAST_NOW)],
  ])
  return JSON.parse(stdout) as readonly PassDone[]
}

function differingTables(passes: readonly PassDone[]): string[] {
  const tables = Object.keys(passes[0]?.kept ?? {})
  return tables.filter((table) => new Set(passes.map(({ kept }) => kept[table])).size > 1)
}

function describe(passes: readonly PassDone[], postgres: number): string {
  const all = passes.reduce((sum, { events }) => sum + events, 0)
  const each = passes.map(
    ({ events, seconds, cpuSeconds, judgeSeconds }) =>
      `${Math.round(events / seconds)} events/s, ${micros(cpuSeconds, events)} us (${micros(judgeSeconds, events)} in the thread that judges)`,
  )
  return `${each.join('; then ')}; PostgreSQL ${micros(postgres, all)} us`
}

function micros(seconds: number, events: number): string {
  return ((seconds * 1_000_000) / events).toFixed(1)
}

function best(passes: readonly PassDone[]) {
  return {
    events_per_s: Math.round(Math.max(...passes.map(({ events, seconds }) => events / seconds))),
    cpu_us:
      Math.min(...passes.map(({ cpuSeconds, events }) => (cpuSeconds * 1e7) / events).map(Math.round)) / 10,
  }
}

/** Processor time of the server and of all it started, those that have ended too; in seconds. Nothing where there is no /proc. */
async function serverTicks(dir: string): Promise<number> {
  const pid = (await readFile(path.join(dir, 'pg', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0] ?? ''
  const statOf = async (name: string): Promise<readonly string[]> => {
    const text = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  }
  const server = await statOf(pid)
  // utime, stime and those of children that were waited for: fields 14 to 17 of proc(5), the first two are gone here.
  let ticks = server.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  for (const name of (await readdir('/proc').catch(() => [])).filter((each) => /^\d+$/.test(each))) {
    const [, parent, ...rest] = await statOf(name)
    if (parent === pid) ticks += Number(rest[9]) + Number(rest[10])
  }
  return ticks / TICKS_A_SECOND
}
