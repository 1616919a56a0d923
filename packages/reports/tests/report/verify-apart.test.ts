import { deflateSync } from 'node:zlib'
import { readReport, renderHtml, renderJson, renderPdf, verifyApart, verifyReport } from '@varco/reports'
import { beforeAll, expect, test } from 'vitest'
import { sampleBody } from '../sample-body.ts'

const BOUNDS = { megabytes: 128, largest: 8 * 1024 * 1024, milliseconds: 60_000 }
let json: string
let html: string
let pdf: Uint8Array
let verifier: string

beforeAll(async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z')
  const report = await body.report()
  verifier = body.verifier
  json = renderJson(report)
  html = await renderHtml(report)
  pdf = await renderPdf(report)
})

const own = (file: string | Uint8Array): Uint8Array => Buffer.from(file)

/** A PDF as far as the reader of reports looks, with this inside. */
const pdfWith = (inside: Uint8Array): Uint8Array =>
  own(Buffer.concat([Buffer.from('%PDF-1.7\n/Type /EmbeddedFile\nstream\n'), deflateSync(inside)]))

test('comes to the same as in this process, for each format and for a changed one', async () => {
  for (const file of [json, html, pdf, json.replace('AUR-7F3K2', 'AUR-7F3K3')])
    expect(await verifyApart(own(file), verifier, BOUNDS)).toEqual(
      verifyReport(typeof file === 'string' ? file : own(file), verifier),
    )
})

test('an attachment that swells beyond the bound is no report; up to it, it is one', () => {
  const padded = Buffer.from(json.padEnd(json.length + 3_000_000))
  expect(readReport(pdfWith(padded), padded.length)).not.toBeNull()
  expect(readReport(pdfWith(padded), padded.length - 1)).toBeNull()
  expect(verifyReport(pdfWith(padded), verifier, padded.length - 1).problems).toEqual([
    { code: 'not-a-report', event: null },
  ])
  // A thousandth of its size on the way, a report never.
  const bomb = pdfWith(Buffer.alloc(64 * 1024 * 1024, ' '))
  expect(bomb.length).toBeLessThan(100_000)
  const before = process.memoryUsage().arrayBuffers
  expect(readReport(bomb, 1024 * 1024)).toBeNull()
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024)
})

test('a file that takes more than it may is given up, and this process goes on meanwhile', async () => {
  let ticks = 0
  const beating = setInterval(() => ticks++, 10)
  try {
    // Eight million lists in 24 MB.
    const crowd = own(`{"format":"varco/subject-report","accesses":[${'[],'.repeat(8_000_000)}[]]}`)
    expect(await verifyApart(crowd, verifier, BOUNDS)).toBeNull()
    expect(ticks).toBeGreaterThan(5)
    expect(await verifyApart(own(json), verifier, { ...BOUNDS, milliseconds: 1 })).toBeNull()
    // Brackets within brackets, for whatever counts them by calling itself.
    expect(await verifyApart(own('['.repeat(2_000_000)), verifier, BOUNDS)).toMatchObject({ ok: false })
  } finally {
    clearInterval(beating)
  }
  expect(await verifyApart(own(json), verifier, BOUNDS)).toMatchObject({ ok: true, proved: 1 })
}, 120_000)

test('half a surrogate, in a value or a name, makes it no report', () => {
  const value = json.replace('AUR-7F3K2', String.raw`AUR-\ud800`)
  const name = json.replace('{', String.raw`{"\udfff":1,`)
  for (const file of [value, name, String.raw`"\ud800"`]) {
    expect(verifyReport(file, verifier)).toMatchObject({
      ok: false,
      hash: null,
      problems: [{ code: 'not-a-report', event: null }],
    })
  }
})
