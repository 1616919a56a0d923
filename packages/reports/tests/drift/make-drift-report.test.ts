import {
  driftCsv,
  driftReportSchema,
  makeDriftReport,
  renderJson,
  UnknownContractError,
  verifyReport,
} from '@varco/reports'
import { expect, test } from 'vitest'
import { DRIFT } from '../contract-facts.ts'
import { sampleBody } from '../sample-body.ts'

const asked = { locale: 'it', requestedBy: 'GSE-CM001' } as const

test('says in hundredths what no clause covers, and proves its own making', async () => {
  await using body = await sampleBody()
  const report = await makeDriftReport({ ...body, requestId: () => 'r-1' }, DRIFT, asked)
  expect(report).toMatchObject({
    outside: 8.1,
    contract: { id: 'aurora-2026', company: { id: 'aurora', title: 'Aurora Servizi S.r.l.' } },
  })
  expect(report.purposes[0]).toMatchObject({
    value: { id: 'antimafia-assessment', title: 'Valutazione antimafia' },
    contracted: false,
    clause: null,
    share: 8.1,
    evidence: ['proxy-1.1.4', 'proxy-1.1.9'],
  })
  expect(report.actions.map(({ value }) => value.title)).toEqual(['lettura', 'non indicata'])
  expect(driftReportSchema.parse(report)).toEqual(report)
  expect(verifyReport(renderJson(report), body.verifier)).toMatchObject({ ok: true })
})

test('keeps back in the table what is held back in the report', async () => {
  await using body = await sampleBody()
  const csv = driftCsv(await makeDriftReport({ ...body, requestId: () => 'r-1' }, DRIFT, asked))
  expect(csv).toContain('"finalità","Valutazione antimafia","no","2026-03","",""')
  expect(csv).toContain('"finalità","Valutazione antimafia","no","2026-04",72,9.3,""')
  expect(csv).toContain('"fuori sistema","Contatti raccolti in fiera","no","2026-03","","",345')
  expect(csv).toContain('"fuori sistema","Accoglienza","sì","2026-03","","",""')
})

test('of a contract that nobody knows there is no report', async () => {
  await using body = await sampleBody()
  const unknown = makeDriftReport(
    { ...body, requestId: () => 'r-1' },
    { ...DRIFT, contract: 'nobody-1999' },
    asked,
  )
  await expect(unknown).rejects.toBeInstanceOf(UnknownContractError)
})
