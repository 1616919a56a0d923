/*
 * Sets long reports and prints what is held of them meanwhile, in bytes for each access. Run with `--expose-gc`: what a collection
 * leaves is counted, which is the same on any machine.
 */
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { canonicalJson } from '@varco/core'
import { accessCsv, FileShelf, renderingsOf, type ShelvedReport } from '@varco/reports'
import { sampleBody, yearOfAccesses } from '../sample-body.ts'

const FEW = 400
/** By half of them every font is there, and nearly all words that are kept. */
const MANY = 1_200
const START = Date.parse('2025-01-01T00:00:00Z')
const MINUTE_MS = 60_000

await using body = await sampleBody()
await yearOfAccesses(body)
const { accesses: known, ...rest } = await body.report()

/** Nothing of it comes twice: what is kept by its text grows with the report. */
function accessAt(i: number): string {
  const at = new Date(START + i * MINUTE_MS).toISOString().replace('Z', '000Z')
  return canonicalJson({ ...known[i % known.length], at, event: `proxy-1.1.${i}`, ticket: `T-2026-${i}` })
}

let looks: number[] = []

/** A report at which somebody looks from half of its accesses on, twice whenever a format goes through them. */
function reportOf(count: number): ShelvedReport {
  const newestFirst = async function* (): AsyncGenerator<string> {
    for (let i = 0; i < count; i++) {
      yield accessAt(count - i)
      if (i >= count / 2 && i % (count / 4) === 0) looks.push(await live())
    }
  }
  return { report: { ...rest, accesses: [] }, shelf: { count, put: async () => {}, newestFirst } }
}

const few = reportOf(FEW)
const { json, html } = await renderingsOf(few)
const { pdf } = await renderingsOf(reportOf(MANY))
console.log(
  JSON.stringify({
    json: await heldOf(json(), FEW),
    html: await heldOf(html, FEW),
    csv: await heldOf(accessCsv(few), FEW),
    pdf: await heldOf(pdf, MANY),
    shelf: await heldByShelf(),
  }),
)

async function heldOf(pieces: AsyncIterable<string | Uint8Array>, count: number): Promise<number> {
  looks = []
  for await (const _ of pieces);
  const [first = 0, ...later] = looks
  return Math.round((Math.max(...later) - first) / count)
}

async function heldByShelf(): Promise<number> {
  await using file = await FileShelf.in(tmpdir())
  for (let i = 0; i < FEW; i++) await file.put(accessAt(i))
  const before = await live()
  for (let i = 0; i < FEW; i++) await file.put(accessAt(i))
  return Math.round(((await live()) - before) / FEW)
}

async function live(): Promise<number> {
  globalThis.gc?.()
  // What hangs on buffers goes one turn later.
  await sleep(1)
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
