import { createHash } from 'node:crypto'
import { compileBundle } from '@varco/policy'
import {
  makeAuditReport,
  makeBreachScope,
  makeDriftReport,
  makeExitCertificate,
  makeTicketReport,
  makeProcessingRegister,
  makeTransparencyReport,
  renderHtml,
  renderPdf,
  type Report,
  type SubjectReport,
} from '@varco/reports'
import { readerAccessFigures, reportedDocument } from '@varco/reports/testing'
import { describe, expect, test } from 'vitest'
import { formatIn } from '../src/document/format.ts'
import { readPdf } from './pdf/read-pdf.ts'
import { DOSSIER, DRIFT, TICKETS } from './contract-facts.ts'
import { at, GIULIA, openIdentity, sampleBody, yearOfAccesses } from './sample-body.ts'

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
  /^(complete|overdue)$/,
  // A sign before the figure.
  /^outside_at_least$/,
  /\.contracted$/,
  /^outside_at_least$/,
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

async function reportIn(locale: 'it' | 'en'): Promise<SubjectReport> {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  await openIdentity(body, 'AUR-7F3K2', 'RQ-2026-000017')
  const answers = { number: 'RQ-2026-000017', vault: body.vault }
  return await body.report({ locale, answers, dataSubjects: [GIULIA, { kind: 'visitor', id: 'V7' }] })
}

async function registerIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  const asOf = { bundle: body.bundle, at: at('2026-11-24T09:00:00Z') }
  const document = reportedDocument()
  const earlier = { ...document, cases: [], processors: document.processors.slice(1) }
  const comparedWith = { bundle: compileBundle(earlier), at: at('2025-11-24T09:00:00Z') }
  const deps = { log: body.log, reader: body.reader, requestId: () => 'r-1' }
  return await makeProcessingRegister(deps, { asOf, comparedWith, locale, requestedBy: 'RPD-2K9QX' })
}

async function breachIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const compromised = { from: at('2026-01-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z') }
  const incident = {
    reference: 'INC-7',
    description: 'Theft.',
    awareAt: at('2026-11-23T16:20:00Z'),
    measures: 'Revoked.',
  }
  const deps = { ...body, requestId: () => 'r-1' }
  const request = { ...incident, compromised, withPeople: false, locale, requestedBy: 'RPD-2K9QX' }
  return (await makeBreachScope(deps, request)).scope
}

async function transparencyIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const deps = { ...body, figures: readerAccessFigures(body.reader), requestId: () => 'r-1' }
  const period = { from: at('2025-12-31T23:00:00Z'), to: at('2026-12-31T23:00:00Z') }
  return await makeTransparencyReport(deps, { ...period, locale, requestedBy: 'RPD-2K9QX' })
}

async function auditIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const finding = {
    kind: 'changed',
    writer: 'proxy-1',
    epoch: 1,
    seq: 7,
    text: 'the event was changed',
  } as const
  const tree = { writer: 'proxy-1', epoch: 1, size: 41, root: 'cm9vdA==', frontier: [], witnessed: 40 }
  const verdict = { ok: false, events: 43, disclosures: 57, trees: [tree], findings: [finding] }
  const deps = { ...body, figures: readerAccessFigures(body.reader), requestId: () => 'r-1' }
  const alerts = async () => ({ raised: 19, explained: 12, confirmed: 3, open: 4 })
  const period = { from: at('2025-12-31T23:00:00Z'), to: at('2026-12-31T23:00:00Z') }
  const now = at('2026-12-31T23:00:00Z')
  return await makeAuditReport(
    { ...deps, alerts },
    { ...period, verdict, now, locale, requestedBy: 'RPD-2K9QX' },
  )
}

const requested = (locale: 'it' | 'en') => ({ locale, requestedBy: 'RPD-2K9QX' })

async function driftIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  return await makeDriftReport({ ...body, requestId: () => 'r-1' }, DRIFT, requested(locale))
}

async function ticketsIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  return await makeTicketReport({ ...body, requestId: () => 'r-1' }, TICKETS, requested(locale))
}

async function exitIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  return await makeExitCertificate({ ...body, requestId: () => 'r-1' }, DOSSIER, requested(locale))
}

const KINDS = {
  'subject report': reportIn,
  'processing register': registerIn,
  'breach scope': breachIn,
  'transparency report': transparencyIn,
  'audit report': auditIn,
  'scope drift report': driftIn,
  'ticket report': ticketsIn,
  'exit certificate': exitIn,
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
  const report = await reportIn('it')
  const text = htmlText(await renderHtml(report))
  for (const { proof } of report.accesses) {
    const hash = createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), Buffer.from(proof?.body ?? '')]))
      .digest('base64')
    expect(text).toContain(hash)
  }
})

test('the test above can fail: a fact left out is found missing', async () => {
  const report = await reportIn('it')
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
