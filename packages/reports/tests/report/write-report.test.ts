import type * as FileSystem from 'node:fs/promises'
import { generateKeyPairSync } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  renderJson,
  verifySignature,
  reportHash,
  ReportCancelledError,
  ReportNotWrittenError,
  verifyReport,
  writeReport,
  type SubjectReport,
} from '@varco/reports'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sampleBody } from '../sample-body.ts'

let dir: string
let report: SubjectReport
let verifier: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-report-'))
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z')
  report = await body.report()
  verifier = body.verifier
})
afterEach(async () => {
  await rm(dir, { recursive: true })
})

test('leaves three files, each of which verifies, readable by their owner only', async () => {
  const written = await writeReport(path.join(dir, 'new', 'folder'), report)
  expect(written.hash).toBe(reportHash(renderJson(report)))
  for (const file of [written.json, written.html, written.pdf]) {
    expect(verifyReport(await readFile(file), verifier)).toMatchObject({ ok: true, hash: written.hash })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  }
  expect(await readdir(path.join(dir, 'new', 'folder'))).toHaveLength(3)
  expect(path.basename(written.pdf)).toMatch(/^access-report-2026-11-24-09-41-07-[0-9a-f]{8}\.pdf$/)
})

test('the JSON file’s SHA-256 is the fingerprint the others print', async () => {
  const written = await writeReport(dir, report)
  expect(execFileSync('sha256sum', [written.json], { encoding: 'utf8' }).split(' ')[0]).toBe(written.hash)
  expect(await readFile(written.html, 'utf8')).toContain(written.hash)
})

test.each([0, 1, 2])('a disk that fills up at file %i leaves nothing', async (at) => {
  const write = await onDiskThatFillsUpAt(at)
  await expect(write(dir, report)).rejects.toThrow(
    'the report was not saved: the disk is full; no file was left behind',
  )
  expect(await readdir(dir)).toEqual([])
})

/** The package once more, over a file system whose disk is full when the file of that number is written. */
async function onDiskThatFillsUpAt(file: number): Promise<typeof writeReport> {
  let written = 0
  vi.resetModules()
  vi.doMock('node:fs/promises', async (original) => {
    const real = await original<typeof FileSystem>()
    const open = async (...args: Parameters<typeof real.open>): Promise<FileSystem.FileHandle> => {
      const handle = await real.open(...args)
      if (written++ === file)
        handle.writeFile = async () => {
          throw Object.assign(new Error('write'), { code: 'ENOSPC' })
        }
      return handle
    }
    return { ...real, open }
  })
  const reports = await import('@varco/reports')
  vi.doUnmock('node:fs/promises')
  vi.resetModules()
  return reports.writeReport
}

test('a place that cannot be taken leaves nothing of the other two', async () => {
  await mkdir(path.join(dir, 'mine.pdf'))
  await expect(writeReport(dir, report, { name: 'mine' })).rejects.toThrow(ReportNotWrittenError)
  expect(await readdir(dir)).toEqual(['mine.pdf'])
})

test('a file where the folder should be is said so', async () => {
  await writeFile(path.join(dir, 'taken'), '')
  await expect(writeReport(path.join(dir, 'taken'), report)).rejects.toThrow(
    'a file stands where the folder should be',
  )
})

test('with a key, a detached signature stands beside the JSON file', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { json, signature } = await writeReport(dir, report, { signingKey: privateKey })
  const jws = await readFile(signature ?? '', 'utf8')
  expect(await verifySignature(await readFile(json, 'utf8'), jws, publicKey)).toBe(true)
  expect((await writeReport(dir, report)).signature).toBeNull()
})

test('a table that goes with the report stands or falls with it', async () => {
  const { csv } = await writeReport(dir, report, { name: 'with', csv: 'a,b\r\n' })
  expect(await readFile(csv ?? '', 'utf8')).toBe('a,b\r\n')
  expect((await stat(csv ?? '')).mode & 0o777).toBe(0o600)
  await mkdir(path.join(dir, 'none.csv'))
  await expect(writeReport(dir, report, { name: 'none', csv: 'a' })).rejects.toThrow(ReportNotWrittenError)
  expect((await readdir(dir)).filter((file) => file.startsWith('none'))).toEqual(['none.csv'])
})

test('cancelled half-way it leaves nothing, whichever file it was at, and says so', async () => {
  const [access] = report.accesses
  const long = {
    ...report,
    accesses: Array.from({ length: 400 }, () => access).filter((one) => one !== undefined),
  }
  const rows: number[] = []
  await writeReport(dir, long, { name: 'whole', onProgress: (done, of) => rows.push(done / of) })
  expect(rows.at(-1)).toBe(1)
  expect(rows).toEqual([...rows].sort((a, b) => a - b))
  expect(rows.length).toBeGreaterThan(20)
  for (const at of [0.1, 0.4, 0.6, 0.9]) {
    const cancelled = new AbortController()
    const writing = writeReport(dir, long, {
      name: 'cancelled',
      signal: cancelled.signal,
      onProgress: (done, of) => {
        if (done / of > at) cancelled.abort()
      },
    })
    await expect(writing).rejects.toThrow(ReportCancelledError)
    expect((await readdir(dir)).filter((file) => !file.startsWith('whole'))).toEqual([])
  }
})

test('without its fonts there is no report, no half of one, and the reason', async () => {
  const write = await withoutFonts()
  await expect(write(dir, report)).rejects.toThrow(
    /^the font \S+ of the package \S+ cannot be read; reinstall/,
  )
  expect(await readdir(dir)).toEqual([])
})

/** The package once more, in an installation whose fonts are gone. */
async function withoutFonts(): Promise<typeof writeReport> {
  vi.resetModules()
  vi.doMock('node:fs/promises', async (original) => {
    const real = await original<typeof FileSystem>()
    const read = async (...args: Parameters<typeof real.readFile>) => {
      if (typeof args[0] === 'string' && args[0].includes('titillium-web'))
        throw Object.assign(new Error('gone'), { code: 'ENOENT' })
      return real.readFile(...args)
    }
    return { ...real, readFile: read }
  })
  const reports = await import('@varco/reports')
  vi.doUnmock('node:fs/promises')
  vi.resetModules()
  return reports.writeReport
}
