import {
  InvalidPeriodError,
  makeTransparencyReport,
  renderJson,
  transparencyCsv,
  transparencyReportSchema,
  verifyReport,
} from '@varco/reports'
import { readerAccessFigures } from '@varco/reports/testing'
import { expect, test } from 'vitest'
import { at, sampleBody, yearOfAccesses, type SampleBody } from '../sample-body.ts'

const YEAR = { from: at('2025-12-31T23:00:00Z'), to: at('2026-12-31T23:00:00Z') }

async function reportOn(body: SampleBody, period: { from: bigint; to: bigint } = YEAR) {
  const figures = readerAccessFigures(body.reader)
  return makeTransparencyReport(
    { ...body, figures, requestId: () => 'r-1' },
    { ...period, locale: 'it', requestedBy: 'RPD-2K9QX' },
  )
}

async function many(
  body: SampleBody,
  times: number,
  draft: Parameters<SampleBody['access']>[1],
): Promise<void> {
  for (let i = 0; i < times; i++) await body.access('2026-03-03T07:00:30Z', draft)
}

test('counts accesses by month, by purpose and by company', async () => {
  await using body = await sampleBody()
  await many(body, 20, { purpose: 'invoice-enquiry' })
  await many(body, 10, { purpose: 'antimafia-status' })
  await many(body, 30, { purpose: 'antimafia-assessment', processor: null, contract: null })
  await many(body, 7, { decision: 'deny', disclosures: [] })
  const report = await reportOn(body)
  expect(report.period).toEqual({ from: '2026-01-01', to: '2026-12-31' })
  expect(report.by_month).toMatchObject({ permitted: 60, denied: 7, total: 67 })
  expect(report.by_month.rows).toHaveLength(12)
  expect(report.by_month.rows[2]).toEqual({ month: '2026-03', permitted: 60, denied: 7, total: 67 })
  expect(report.by_purpose.companies).toEqual([null, { id: 'aurora', title: 'Aurora Servizi S.r.l.' }])
  expect(
    report.by_purpose.rows.map(({ purpose, accesses, total }) => [purpose.id, ...accesses, total]),
  ).toEqual([
    ['antimafia-assessment', 30, 0, 30],
    ['antimafia-status', 0, 10, 10],
    ['invoice-enquiry', 0, 20, 20],
  ])
  expect(transparencyReportSchema.parse(report)).toEqual(report)
})

test('holds back what few people could be recognised by', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const json = renderJson(await reportOn(body))
  const report = await reportOn(body)
  expect(
    report.by_purpose.rows.find(({ purpose }) => purpose.id === 'antimafia-assessment')?.accesses,
  ).toContain(null)
  for (const { permitted } of report.by_month.rows)
    expect(permitted === null || permitted === 0 || permitted >= 5).toBe(true)
  // The months' sum is what the purposes' whole is: shown there, it would give away what is held back here.
  expect(report.by_purpose.total).toBeNull()
  expect(report.by_month.permitted).toBeNull()
  // Nobody, not even under a pseudonym.
  for (const trace of ['AUR-7F3K2', 'GSE-9TT41', 'P1', 'DCLGLI', 'T-2026'])
    expect(json.replaceAll(/"(body|root)":"[^"]*"/g, '')).not.toContain(`"${trace}`)
})

test('counts the answers given to citizens, held back when they are few', async () => {
  await using body = await sampleBody()
  for (let i = 0; i < 4; i++) await body.report()
  expect((await reportOn(body)).subject_reports).toBeNull()
  await body.report()
  expect((await reportOn(body)).subject_reports).toBe(5)
})

test('an empty year is an empty report', async () => {
  await using body = await sampleBody()
  const report = await reportOn(body, { from: at('2020-01-01T00:00:00Z'), to: at('2020-03-01T00:00:00Z') })
  expect(report).toMatchObject({
    by_month: { total: 0 },
    by_purpose: { rows: [], total: 0 },
    subject_reports: 0,
  })
  await expect(reportOn(body, { from: YEAR.to, to: YEAR.from })).rejects.toThrow(InvalidPeriodError)
})

test('comes as CSV too', async () => {
  await using body = await sampleBody()
  await many(body, 20, {})
  expect(transparencyCsv(await reportOn(body))).toBe(
    '\ufeff"Finalità","Aurora Servizi S.r.l.","In tutto"\r\n"Informazioni sulle fatture",20,20\r\n',
  )
})

test('its making is in the log and it verifies', async () => {
  await using body = await sampleBody()
  await many(body, 20, {})
  const report = await reportOn(body)
  expect(verifyReport(renderJson(report), body.verifier)).toMatchObject({
    ok: true,
    format: 'varco/transparency-report',
  })
  expect(verifyReport(renderJson({ ...report, subject_reports: 9 }), body.verifier).ok).toBe(false)
})
