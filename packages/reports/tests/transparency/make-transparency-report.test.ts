import { asId } from '@varco/core'
import {
  InvalidPeriodError,
  makeTransparencyReport,
  renderJson,
  transparencyCsv,
  transparencyReportSchema,
  verifyReport,
} from '@varco/reports'
import { noContractTells, readerAccessFigures } from '@varco/reports/testing'
import { expect, test } from 'vitest'
import { at, sampleBody, yearOfAccesses, type SampleBody } from '../sample-body.ts'

const YEAR = { from: at('2025-12-31T23:00:00Z'), to: at('2026-12-31T23:00:00Z') }

async function reportOn(body: SampleBody, period: { from: bigint; to: bigint } = YEAR) {
  const figures = readerAccessFigures(body.reader)
  return makeTransparencyReport(
    { ...body, figures, heldByContract: noContractTells, requestId: () => 'r-1' },
    { ...period, now: period.to, locale: 'it', requestedBy: 'RPD-2K9QX' },
  )
}

async function many(
  body: SampleBody,
  times: number,
  draft: Parameters<SampleBody['access']>[1],
): Promise<void> {
  for (let i = 0; i < times; i++)
    await body.access('2026-03-03T07:00:30Z', { operator: asId(`AUR-${i % 5}`), ...draft })
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

test('forty accesses of three people are held back, and so is what would tell of them beside another contract', async () => {
  await using few = await sampleBody()
  for (let i = 0; i < 40; i++)
    await few.access('2026-03-03T07:00:30Z', { operator: asId(`AUR-${i % 3}`), purpose: 'invoice-enquiry' })
  const told = await reportOn(few)
  expect([told.by_month.permitted, told.by_purpose.total]).toEqual([null, null])
  expect(told.by_purpose.rows[0]?.accesses).toEqual([null])

  await using two = await sampleBody()
  await many(two, 40, { purpose: 'invoice-enquiry' })
  expect((await reportOn(two)).by_month.permitted).toBe(40)
  for (let i = 0; i < 9; i++)
    await two.access('2026-03-03T07:00:30Z', { purpose: 'invoice-enquiry', contract: 'aurora-2024' })
  // Who knows the first contract's forty from its own report would have the other's nine.
  expect((await reportOn(two)).by_month.permitted).toBeNull()
})

test('counts the answers given to citizens, held back when they are few', async () => {
  await using body = await sampleBody()
  for (let i = 0; i < 4; i++) await body.report()
  expect((await reportOn(body)).subject_reports).toBeNull()
  await body.report()
  expect((await reportOn(body)).subject_reports).toBe(5)
})

test('what few did in a month is not what one period comes to without another', async () => {
  await using body = await sampleBody()
  for (let i = 0; i < 3; i++) await body.access('2026-03-03T07:00:30Z', { purpose: 'invoice-enquiry' })
  for (let i = 0; i < 9; i++)
    await body.access('2026-04-03T07:00:30Z', { purpose: 'invoice-enquiry', operator: asId(`AUR-${i}`) })
  const [march, april, may] = [3, 4, 5].map((month) => at(`2026-0${month}-01T00:00:00+02:00`))
  const told = async (from = 0n, to = 0n) => {
    const { by_month: months, by_purpose: purposes } = await reportOn(body, { from, to })
    return [months.permitted, purposes.rows[0]?.total]
  }
  expect(await told(april, may)).toEqual([9, 9])
  expect(await told((march ?? 0n) - 3_600_000_000n, may)).toEqual([null, null])
})

test('whole months that are over are counted, and no others: an hour more would tell the hour', async () => {
  await using body = await sampleBody()
  await many(body, 20, {})
  const april = at('2026-04-01T00:00:00+02:00')
  const figures = readerAccessFigures(body.reader)
  const told = (from: bigint, to: bigint, now = to) =>
    makeTransparencyReport(
      { ...body, figures, heldByContract: noContractTells, requestId: () => 'r-1' },
      { from, to, now, locale: 'it', requestedBy: 'RPD-2K9QX' },
    )
  const whole = { period: { from: '2026-01-01', to: '2026-03-31' }, by_month: { permitted: 20 } }
  for (const more of [0n, 3_600_000_000n]) expect(await told(YEAR.from, april + more)).toMatchObject(whole)
  // March is not over: nothing of it is told.
  expect(await told(YEAR.from, april, april - 1n)).toMatchObject({
    period: { from: '2026-01-01', to: '2026-02-28' },
    by_month: { permitted: 0 },
  })
  await expect(told(april - 86_400_000_000n, april)).rejects.toThrow(InvalidPeriodError)
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
