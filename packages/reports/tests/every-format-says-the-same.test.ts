import { createHash } from 'node:crypto'
import { renderHtml, renderPdf } from '@varco/reports'
import { describe, expect, test } from 'vitest'
import { formatIn } from '../src/document/format.ts'
import { KINDS, subjectReportIn } from './every-kind.ts'
import { readPdf } from './pdf/read-pdf.ts'

/**
 * Every leaf of the JSON must be readable in the other formats, as itself or as the reader's language writes it.
 * What is not: codes whose words stand beside them, and the parts of a proof that only a machine reads, which
 * travel in the JSON inside both files.
 */
const CODES = [
  /^(format|version|locale|confirmation\.code)$/,
  /\.id$/,
  /^about\.data_subjects\.\d+\.(kind|in_records)$/,
  /^accesses\.\d+\.(kind|action)$/,
  /\.(legal_basis|judicial|action|rule|type|withheld|mode)$/,
  /\.country$/,
  /^log\.removals\.\d+\.kind$/,
  /^(log\.)?retention\.(floor|ceiling|overdue)$/,
  /^integrity\.whole$/,
  /\.agreement\.kind$/,
  /^(complete|overdue)$/,
  // A sign before the figure.
  /^outside_at_least$/,
  /\.contracted$/,
  /\.(after|delete_within)$/,
  /^copy\.\d+\.fields\.\d+\.category$/,
  /\.month$/,
]
const MACHINE_ONLY = [/\.proof\.(path|checkpoint|body|index|size)/]

function leavesOf(value: unknown, path = ''): { readonly path: string; readonly value: unknown }[] {
  if (value === null || typeof value !== 'object') return [{ path, value }]
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === '' ? key : `${path}.${key}`),
  )
}

const squeezed = (text: string) => text.normalize('NFC').replaceAll(/\s/g, '')

function htmlText(page: string): string {
  const body = page.slice(page.indexOf('<body>'), page.indexOf('<script'))
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return body
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '')
}

describe.each(['it', 'en'] as const)('in %s', (locale) => {
  describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('every fact of the JSON of a %s', (name) => {
    test.each(['html', 'pdf'] as const)('is in the %s', async (kind) => {
      const report = await KINDS[name](locale)
      const shown = squeezed(
        kind === 'html' ? htmlText(await renderHtml(report)) : readPdf(await renderPdf(report)).text,
      )
      const format = formatIn(locale, report.time_zone)
      const missing = leavesOf(report).filter(({ path, value }) => {
        if (value === null || [...CODES, ...MACHINE_ONLY].some((pattern) => pattern.test(path))) return false
        return !waysToSay(value, format).some((words) => shown.includes(squeezed(words)))
      })
      expect(missing).toEqual([])
    })
  })
})

function waysToSay(value: unknown, format: ReturnType<typeof formatIn>): string[] {
  if (typeof value === 'number') return [format.number(value)]
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const instant = isInstant(text) ? [format.instant(text), format.day(text)] : []
  const month = /^\d{4}-\d{2}$/.test(text) ? [format.month(text)] : []
  return [text, ...instant, ...month, ...asValue(format, text)]
}

test('of each proof the entry’s fingerprint is printed', async () => {
  const report = await subjectReportIn('it')
  const text = htmlText(await renderHtml(report))
  for (const { proof } of report.accesses) {
    const hash = createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), Buffer.from(proof?.body ?? '')]))
      .digest('base64')
    expect(text).toContain(hash)
  }
})

test('the test above can fail: a fact left out is found missing', async () => {
  const report = await subjectReportIn('it')
  const text = squeezed(htmlText(await renderHtml(report)))
  expect(text).not.toContain(squeezed('never written anywhere'))
  expect(leavesOf(report).length).toBeGreaterThan(900)
})

function isInstant(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T/.test(value)
}

function asValue(format: ReturnType<typeof formatIn>, value: string): string[] {
  return ['date', 'timestamp', 'decimal', 'text[]'].map((type) => format.value(value, type))
}
