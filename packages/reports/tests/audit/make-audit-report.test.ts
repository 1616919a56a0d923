import { actDraft, type LogVerdict } from '@varco/access-log'
import { asId } from '@varco/core'
import { compileBundle } from '@varco/policy'
import {
  auditReportSchema,
  InvalidPeriodError,
  makeAuditReport,
  renderHtml,
  renderJson,
  verifyReport,
} from '@varco/reports'
import { noContractTells, readerAccessFigures, reportedBundle } from '@varco/reports/testing'
import { expect, test } from 'vitest'
import { at, sampleBody, yearOfAccesses, type SampleBody } from '../sample-body.ts'

const YEAR = { from: at('2025-12-31T23:00:00Z'), to: at('2026-12-31T23:00:00Z') }
const WHOLE: LogVerdict = { ok: true, events: 40, disclosures: 57, trees: [], findings: [] }

async function auditOf(body: SampleBody, change: Partial<Parameters<typeof makeAuditReport>[1]> = {}) {
  const figures = readerAccessFigures(body.reader)
  const deps = { ...body, figures, heldByContract: noContractTells, requestId: () => 'r-1' }
  const request = { ...YEAR, verdict: WHOLE, now: YEAR.to, locale: 'it', requestedBy: 'RPD-2K9QX' } as const
  return makeAuditReport(deps, { ...request, ...change })
}

async function accesses(
  body: SampleBody,
  iso: string,
  { count, people = 5, ...draft }: Parameters<SampleBody['access']>[1] & { count: number; people?: number },
): Promise<void> {
  for (let i = 0; i < count; i++) await body.access(iso, { operator: asId(`OP-${i % people}`), ...draft })
}

const OWN = { processor: null, contract: null } as const
const NO = { decision: 'deny', disclosures: [] } as const

test('counts what the log has of the period, each entry once', async () => {
  await using body = await sampleBody()
  await accesses(body, '2026-03-03T07:00:30Z', { count: 6 })
  await accesses(body, '2026-05-03T07:00:30Z', { count: 8, ...OWN })
  await accesses(body, '2026-05-04T07:00:30Z', { count: 5, ...NO })
  await body.access('2027-01-02T07:00:30Z')
  const report = await auditOf(body)
  expect(report.accesses).toMatchObject({
    ...{ permitted: 14, denied: 5 },
    counted: { from: '2026-01-01', to: '2026-12-31' },
  })
  expect(report.accesses.by_month.filter(({ total }) => total !== 0)).toEqual([
    { month: '2026-03', permitted: 6, denied: 0, total: 6 },
    { month: '2026-05', permitted: 8, denied: 5, total: 13 },
  ])
  expect(report.accesses.by_company).toEqual([
    { company: null, permitted: 8, denied: 0 },
    { company: { id: 'aurora', title: 'Aurora Servizi S.r.l.' }, permitted: 6, denied: 5 },
  ])
  expect(report.alerts).toBeNull()
  expect(auditReportSchema.parse(report)).toEqual(report)
  expect(verifyReport(renderJson(report), body.verifier)).toMatchObject({
    ok: true,
    format: 'varco/audit-report',
  })
})

test('holds back what fewer than five people did, and what would tell of it beside the others', async () => {
  await using body = await sampleBody()
  await accesses(body, '2026-03-03T07:00:30Z', { count: 40 })
  await accesses(body, '2026-03-04T07:00:30Z', { count: 30, people: 4, ...OWN })
  await accesses(body, '2026-03-05T07:00:30Z', { count: 20, ...NO })
  const { by_month: months, by_company: companies, ...all } = (await auditOf(body)).accesses
  expect(months[2]).toEqual({ month: '2026-03', permitted: null, denied: null, total: null })
  expect(companies[0]).toMatchObject({ company: null, permitted: null })
  expect(all).toMatchObject({ permitted: null, denied: null })
})

test('a year to a day later tells nothing of the day, nor a month less of the month', async () => {
  await using body = await sampleBody()
  await accesses(body, '2026-03-03T07:00:30Z', { count: 40 })
  await accesses(body, '2026-04-01T07:00:30Z', { count: 3, people: 1 })
  await accesses(body, '2026-04-02T07:00:30Z', { count: 50 })
  await accesses(body, '2026-05-01T07:00:30Z', { count: 9, people: 2 })
  const told = async (iso: string) => {
    const to = at(iso)
    const { permitted, counted } = (await auditOf(body, { to, now: to })).accesses
    return [permitted, counted?.to]
  }
  for (const day of ['2026-04-01T00:00:00+02:00', '2026-04-02T00:00:00+02:00'])
    expect(await told(day)).toEqual([40, '2026-03-31'])
  expect(await told('2026-05-01T00:00:00+02:00')).toEqual([93, '2026-04-30'])
  expect(await told('2026-06-01T00:00:00+02:00')).toEqual([null, '2026-05-31'])
  const week = { from: at('2026-03-02T00:00:00+01:00'), to: at('2026-03-09T00:00:00+01:00') }
  expect((await auditOf(body, week)).accesses).toMatchObject({ counted: null, permitted: null, by_month: [] })
  expect(await renderHtml(await auditOf(body, week))).toContain('il periodo non ne ha')
})

test('says of each employer at work in the period under what agreement its workers are recorded, or that none is', async () => {
  const agreement = { kind: 'union-agreement', signed: '2025-12-15', reference: 'prot. 51990' } as const
  const document = structuredClone(reportedBundle().document)
  for (const each of document.processors)
    if (each.processor === 'aurora') each.workers_agreement = { ...agreement, with: 'RSU' }
  await using body = await sampleBody({ bundle: compileBundle(document) })
  const { workers_agreements } = await auditOf(body)
  expect(workers_agreements).toEqual([
    { employer: null, agreement: null },
    {
      employer: { id: 'aurora', title: 'Aurora Servizi S.r.l.' },
      agreement: { ...agreement, with: 'RSU', sha256: null },
    },
  ])
  const said = await renderHtml(await auditOf(body))
  expect(said).toContain('Nessuno agli atti.')
  expect(said).toContain('Accordo con RSU')
})

test('lists every step towards a name, whether it was opened or not', async () => {
  await using body = await sampleBody()
  const steps = ['identity-requested', 'identity-refused', 'identity-opened'] as const
  body.clock.set('2026-06-01T08:00:00Z')
  for (const kind of steps) await body.log.append(actDraft(kind, { requestId: 'r-9', operator: 'DPO-1' }))
  const report = await auditOf(body)
  expect(report.acts.map(({ kind, by }) => [kind.id, by])).toEqual(steps.map((kind) => [kind, 'DPO-1']))
  expect(new Set(report.acts.map(({ kind }) => kind.title)).size).toBe(steps.length)
  expect(report.acts.every(({ kind }) => kind.title !== kind.id)).toBe(true)
})

test('names nobody who works for a contractor', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const json = renderJson(await auditOf(body))
  expect(json).not.toMatch(/AUR-7F3K2|P1"|DCLGLI/)
})

test('says that months are beyond their term, to the month', async () => {
  await using body = await sampleBody()
  await body.access('2026-01-31T07:00:30Z')
  const overdueAt = async (now: string) => (await auditOf(body, { now: at(now) })).retention.overdue
  expect(await overdueAt('2029-01-31T10:00:00Z')).toBe(false)
  expect(await overdueAt('2029-02-01T10:00:00Z')).toBe(true)
})

test.each([
  ['en', 'the event was changed'],
  ['it', 'la voce è stata cambiata'],
] as const)('repeats what verification found, in %s, and hides nothing of it', async (locale, text) => {
  await using body = await sampleBody()
  const findings = [
    { kind: 'changed', writer: 'proxy-1', epoch: 1, seq: 7, text: 'the event was changed' },
  ] as const
  const report = await auditOf(body, { verdict: { ...WHOLE, ok: false, findings }, locale })
  expect(report.integrity).toMatchObject({
    whole: false,
    findings: [{ kind: 'changed', place: 'proxy-1.1.7', text }],
  })
})

test('refuses a period that ends before it begins', async () => {
  await using body = await sampleBody()
  await expect(auditOf(body, { from: YEAR.to, to: YEAR.from })).rejects.toBeInstanceOf(InvalidPeriodError)
})
