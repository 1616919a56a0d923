import { renderJson, renderPdf, type SubjectReport } from '@varco/reports'
import { beforeAll, describe, expect, test } from 'vitest'
import { GIULIA, ROWS, sampleBody, yearOfAccesses } from '../sample-body.ts'
import { elementsOf, readPdf, type ReadPdf } from './read-pdf.ts'

describe('the PDF', () => {
  let report: SubjectReport
  let bytes: Uint8Array
  let pdf: ReadPdf
  beforeAll(async () => {
    await using body = await sampleBody()
    await yearOfAccesses(body)
    report = await body.report({ dataSubjects: [GIULIA, { kind: 'visitor', id: 'V7' }] })
    bytes = await renderPdf(report)
    pdf = readPdf(bytes)
  })

  test('declares PDF/A-3a, its language, its title and what it is', () => {
    expect(pdf.raw.startsWith('%PDF-1.7')).toBe(true)
    expect(pdf.raw).toContain('<pdfaid:part>3</pdfaid:part>')
    expect(pdf.raw).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
    expect(pdf.raw).toContain('/Lang (it)')
    expect(pdf.raw).toContain('/DisplayDocTitle true')
    expect(pdf.raw).toContain('/S /GTS_PDFA1')
    expect(pdf.raw).toMatch(/\/Marked true/)
  })

  test('carries every font it uses, and nothing that runs', () => {
    expect(pdf.fonts.length).toBeGreaterThanOrEqual(4)
    for (const font of pdf.fonts) expect(font.embedded, font.name).toBe(true)
    expect(pdf.raw).not.toMatch(/\/Subtype \/Type1\b|Helvetica|\/JavaScript|\/Launch|\/URI|\/Encrypt/)
  })

  test('tags everything: text is in the structure tree, the rest is an artifact', () => {
    const untagged = pdf.pages
      .flat()
      .filter(({ tag, mcid }) => tag === null || (tag !== 'Artifact' && mcid === null))
    expect(untagged).toEqual([])
    const inTree = pdf.text.replaceAll(/\s/g, '').length
    const onPages = pdf.pages
      .flat()
      .filter(({ tag }) => tag !== 'Artifact')
      .map(({ text }) => text)
      .join('')
      .replaceAll(/\s/g, '').length
    expect(inTree).toBe(onPages)
  })

  test('has one title, a heading for each section, and tables whose columns are named', () => {
    expect(elementsOf(pdf.tree, 'H1').map(({ text }) => text)).toEqual(['Chi ha visto i Suoi dati'])
    expect(elementsOf(pdf.tree, 'H2').map(({ text }) => text)[0]).toBe('Gli accessi, uno per uno')
    const accesses = elementsOf(pdf.tree, 'Table').find(
      (table) => table.children[0]?.text === 'Accessi ai Suoi dati',
    )
    expect(accesses?.children.map(({ type }) => type)).toEqual(['Caption', 'THead', 'TBody'])
    const [head, ...rows] = elementsOf(accesses?.children ?? [], 'TR')
    expect(rows).toHaveLength(15)
    expect(head?.children.map(({ type, scope, text }) => [type, scope, text])).toEqual([
      ['TH', 'Column', 'Quando'],
      ['TH', 'Column', 'Chi'],
      ['TH', 'Column', 'Perché'],
      ['TH', 'Column', 'Che cosa'],
    ])
    for (const row of rows) expect(row.children.map(({ type }) => type)).toEqual(['TD', 'TD', 'TD', 'TD'])
  })

  test('repeats column titles on each page of a table for the eye only', () => {
    const repeats = pdf.pages.flat().filter(({ text, tag }) => text === 'Che cosa' && tag === 'Artifact')
    expect(repeats.length).toBeGreaterThan(0)
  })

  test('numbers its pages and prints the fingerprint on each', () => {
    pdf.pages.forEach((page, i) => {
      const foot = page.filter(({ tag, y }) => tag === 'Artifact' && y < 60).map(({ text }) => text)
      expect(foot).toContain(`Pagina ${i + 1} di ${pdf.pages.length}`)
      expect(foot.join(' ')).toMatch(/[0-9a-f]{64}/)
    })
  })

  test('writes nothing outside the page', () => {
    for (const { x, y, text } of pdf.pages.flat()) {
      expect(x, text).toBeGreaterThanOrEqual(50)
      expect(x, text).toBeLessThan(595 - 54)
      expect(y, text).toBeGreaterThan(30)
      expect(y, text).toBeLessThan(842)
    }
  })

  test('the same report gives the same bytes', async () => {
    expect(Buffer.from(await renderPdf(report)).equals(bytes)).toBe(true)
  })

  test('holds the JSON it was set from', () => {
    expect(pdf.raw).toContain('/AFRelationship /Alternative')
    expect(pdf.raw).toContain('/Subtype /application#2Fjson')
    expect(renderJson(report)).not.toBe('')
  })
})

test('breaks a row taller than a page, and loses nothing of it', async () => {
  await using body = await sampleBody()
  const many = Array.from({ length: 3000 }, (_, i) => ({
    resource: 'invoice',
    recordKey: `LONG-KEY-${i}`,
    dataSubject: GIULIA,
  }))
  await body.access('2026-02-03T07:00:30Z', { disclosures: many })
  await body.access('2026-02-04T07:00:30Z')
  const pdf = readPdf(await renderPdf(await body.report()))
  const text = pdf.text.replaceAll(/\s/g, '')
  for (const { recordKey } of many) expect(text).toContain(recordKey)
  const lowest = Math.min(
    ...pdf.pages
      .flat()
      .filter(({ tag }) => tag !== 'Artifact')
      .map(({ y }) => y),
  )
  expect(lowest).toBeGreaterThan(70)
})

test.each([
  ['accents and signs of Europe', 'Žofia Łukasiewicz-Öztürk, Ştefan Ĉŭ Ñandú Æther ẞ €'],
  ['Greek, Cyrillic, Armenian, Georgian', 'Αλέξανδρος Дмитрий Հայկ გიორგი'],
  ['decomposed accents', 'Nicolo\u0300 Cafe\u0301'],
])('sets %s as they are', async (_, name) => {
  const pdf = readPdf(await pdfNamed(name))
  expect(pdf.text).toContain(name.normalize('NFC'))
})

test('writes out letters that no font has, and marks that would turn the text round', async () => {
  const pdf = readPdf(await pdfNamed('陳 \u{1f9ff} a\u202eb'))
  expect(pdf.text).toContain('[U+9673] [U+1F9FF] a[U+202E]b')
})

test.each([
  '<script>alert(1)</script>&amp;',
  '(a) \\) >> endobj',
  '\u0000\u0007\u001b[31m',
  'x'.repeat(5000),
  '',
  ' ',
])('a name such as %j breaks nothing', async (name) => {
  const pdf = readPdf(await pdfNamed(name))
  expect(pdf.pages.length).toBeGreaterThan(3)
  expect(pdf.text).toContain('Chi ha visto i Suoi dati')
})

async function pdfNamed(name: string): Promise<Uint8Array> {
  const [giulia, ...others] = ROWS['producer'] ?? []
  await using body = await sampleBody({ rows: { ...ROWS, producer: [{ ...giulia, name }, ...others] } })
  return await renderPdf(await body.report())
}
