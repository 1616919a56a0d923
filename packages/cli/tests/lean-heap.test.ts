import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const LEAN_HEAP = path.join(import.meta.dirname, '..', 'src', 'lean-heap.ts')

/**
 * How large the young generation of a process grows, and all of its heap, that makes much and keeps some of it for a while: a little, as
 * a long report does, or more, as what answers many.
 */
const CHURN = `
const { getHeapSpaceStatistics, getHeapStatistics } = await import('node:v8')
const [, module, kept, ...line] = process.argv
const { keepHeapLean } = await import(module)
keepHeapLean(line[0], line)
const some = []
let most = 0
const young = []
for (let i = 0; i < 8 * kept; i++) {
  some[i % kept] = { at: i, text: 'x'.repeat(50) + i }
  if (i % 10_000 !== 0) continue
  most = Math.max(most, getHeapStatistics().total_heap_size)
  young.push(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size)
}
// About a collection one half may be given back, or have a page too many for that moment: what stands most of the time.
const late = young.slice(young.length / 2).sort((a, b) => a - b)
console.log(JSON.stringify([late[Math.floor(late.length / 2)], most].map((bytes) => bytes / 1024 / 1024)))
`

/** Of the young generation, and the most of all. */
async function megabytes(line: string, kept = 50_000): Promise<readonly [young: number, most: number]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--input-type=module', '--eval', CHURN, LEAN_HEAP, String(kept), ...line.split(' ')],
  ])
  return JSON.parse(stdout) as readonly [number, number]
}

test('a command that makes documents or reads the log lets its young generation stay small; what serves keeps it, for it costs time', async () => {
  const [report, request, log, serve] = await Promise.all(
    ['report', 'request', 'log', 'serve'].map((each) => megabytes(each)),
  )
  for (const lean of [report, request, log]) expect(lean?.[0]).toBeLessThan(4)
  expect(serve?.[0]).toBeGreaterThan(8)
}, 60_000)

test('what forgets has a young generation in which its pages fit, and no larger one; so has what serves the scheduler alone', async () => {
  const all = await Promise.all(
    ['retention run', 'serve --only scheduler', 'serve --only=scheduler'].map((each) => megabytes(each)),
  )
  for (const [young] of all) expect(young).toBeCloseTo(8, 0)
  const [proxy] = await megabytes('serve --only proxy')
  expect(proxy).toBeGreaterThan(8)
}, 60_000)

test('what serves goes through its old generation before it has grown to twice what is alive', async () => {
  const [serve, demo, other] = await Promise.all(
    ['serve', 'demo', 'policy'].map((each) => megabytes(each, 200_000)),
  )
  expect(serve?.[1]).toBeLessThan(0.9 * (other?.[1] ?? 0))
  expect(demo?.[1]).toBeLessThan(0.9 * (other?.[1] ?? 0))
}, 60_000)
