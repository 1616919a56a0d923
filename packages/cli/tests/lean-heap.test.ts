import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const LEAN_HEAP = path.join(import.meta.dirname, '..', 'src', 'lean-heap.ts')

/** What a process takes in all that makes much and keeps a little of it for a while, as a long report does. */
const CHURN = `
const [, module, command] = process.argv
const { keepHeapLean } = await import(module)
keepHeapLean(command)
const kept = []
for (let i = 0; i < 400_000; i++) kept[i % 50_000] = { at: i, text: 'x'.repeat(50) + i }
console.log(process.resourceUsage().maxRSS)
`

async function megabytes(command: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--input-type=module', '--eval', CHURN, LEAN_HEAP, command],
  ])
  return Number(stdout) / 1024
}

test('a command that makes documents takes little more memory than what it holds; what serves is left as it is', async () => {
  const [report, request, serve] = await Promise.all(['report', 'request', 'serve'].map(megabytes))
  expect(serve).toBeGreaterThan(1.3 * (report ?? 0))
  expect(serve).toBeGreaterThan(1.3 * (request ?? 0))
}, 60_000)
