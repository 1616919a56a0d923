import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { canonicalJson } from '@varco/core'
import fc from 'fast-check'
import { FileShelf, ReportNotWrittenError, writeReport } from '@varco/reports'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GIULIA, sampleBody, yearOfAccesses } from '../sample-body.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-shelf-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true })
})

async function all(texts: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const text of texts) found.push(text)
  return found
}

test('gives back what was put there, newest first, as often as asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          // Several blocks' worth.
          fc.integer({ min: 1, max: 600_000 }).map((size) => 'è'.repeat(size)),
        ),
        { maxLength: 12 },
      ),
      async (values) => {
        const texts = values.map((value) => JSON.stringify(value))
        await using shelf = await FileShelf.in(dir)
        for (const text of texts) await shelf.put(text)
        expect(shelf.count).toBe(texts.length)
        for (const _ of [1, 2]) expect(await all(shelf.newestFirst())).toEqual(texts.toReversed())
      },
    ),
    { numRuns: 15 },
  )
})

test('its file has no name: nobody else opens it, and a crash leaves nothing', async () => {
  await using shelf = await FileShelf.in(dir)
  await shelf.put('x'.repeat(2_000_000))
  expect(await readdir(dir)).toEqual([])
})

test('a place where no file can be made is said so', async () => {
  await writeFile(path.join(dir, 'taken'), '')
  await expect(FileShelf.in(path.join(dir, 'taken'))).rejects.toThrow(ReportNotWrittenError)
})

test('a report whose accesses are on a shelf is, byte for byte, the one that is held whole', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const report = await body.report({ dataSubjects: [GIULIA, { kind: 'visitor', id: 'V7' }] })
  await using shelf = await FileShelf.in(dir)
  for (const access of report.accesses.toReversed()) await shelf.put(canonicalJson(access))
  const whole = await writeReport(dir, report, { name: 'whole' })
  const shelved = await writeReport(dir, { report: { ...report, accesses: [] }, shelf }, { name: 'shelved' })
  expect(shelved.hash).toBe(whole.hash)
  for (const format of ['json', 'html', 'pdf'] as const)
    expect((await readFile(shelved[format])).equals(await readFile(whole[format])), format).toBe(true)
})
