import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const LEAN_HEAP = path.join(import.meta.dirname, '..', 'src', 'lean-heap.ts')

/** How large the young generation of a process grows that makes much and keeps a little of it for a while, as a long report does. */
const CHURN = `
const { getHeapSpaceStatistics } = await import('node:v8')
const [, module, command] = process.argv
const { keepHeapLean } = await import(module)
keepHeapLean(command)
const kept = []
for (let i = 0; i < 400_000; i++) kept[i % 50_000] = { at: i, text: 'x'.repeat(50) + i }
console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size)
`

async function megabytes(command: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--input-type=module', '--eval', CHURN, LEAN_HEAP, command],
  ])
  return Number(stdout) / 1024 / 1024
}

test('a command that makes documents lets its young generation stay small; what serves is left as it is', async () => {
  const [report, request, serve] = await Promise.all(['report', 'request', 'serve'].map(megabytes))
  expect(report).toBeLessThan(4)
  expect(request).toBeLessThan(4)
  expect(serve).toBeGreaterThan(8)
}, 60_000)
