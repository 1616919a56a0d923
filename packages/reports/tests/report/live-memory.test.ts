import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PROCESS = path.join(import.meta.dirname, 'live-memory-process.ts')

/** Bytes for each access: held whole, one is 2,600 as JSON, and was 9,000 in a PDF. */
const BOUNDS = { json: 200, html: 900, csv: 200, pdf: 3_500, shelf: 1_300 }

test('a long report passes through: next to nothing of each access is held while a format is set', async () => {
  // In a process of its own, for what else is held in this one would be counted too.
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--expose-gc', '--conditions=varco:source', PROCESS],
  ])
  const held = JSON.parse(stdout) as Record<string, number>
  for (const [format, bound] of Object.entries(BOUNDS)) expect(held[format], format).toBeLessThan(bound)
}, 240_000)
