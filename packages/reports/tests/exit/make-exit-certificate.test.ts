import {
  exitCertificateSchema,
  makeExitCertificate,
  renderHtml,
  renderJson,
  verifyReport,
} from '@varco/reports'
import { expect, test } from 'vitest'
import { DOSSIER } from '../contract-facts.ts'
import { at, sampleBody, type SampleBody } from '../sample-body.ts'

const certificateOf = (body: SampleBody, dossier: typeof DOSSIER) =>
  makeExitCertificate({ ...body, requestId: () => 'r-1' }, dossier, {
    locale: 'it',
    requestedBy: 'GSE-CM001',
  })

const settled = {
  how: 'returned',
  by: 'GSE-CM001',
  at: at('2026-04-20T10:00:00Z'),
  reason: 'Verbale 13.',
} as never
const verified = { by: 'GSE-CM001', second: 'GSE-DPO01', at: at('2026-05-02T10:00:00Z') } as never
const WHOLE: typeof DOSSIER = {
  ...DOSSIER,
  exit: { ...DOSSIER.exit, verified },
  state: 'verified',
  copies: DOSSIER.copies.map((copy) => ({ ...copy, settled: copy.settled ?? settled })),
  missing: [],
  copiesLeft: 0,
}

test('certifies an exit that is concluded, and proves its own making', async () => {
  await using body = await sampleBody()
  const certificate = await certificateOf(body, WHOLE)
  expect(certificate).toMatchObject({ complete: true, tickets_moved: 57, grants_revoked: 4 })
  const page = await renderHtml(certificate)
  expect(page).toContain('<h1>Certificato di uscita dal contratto</h1>')
  expect(page).toContain('Varco non ne controlla la firma')
  expect(exitCertificateSchema.parse(certificate)).toEqual(certificate)
  expect(verifyReport(renderJson(certificate), body.verifier)).toMatchObject({ ok: true })
})

test.each<[string, Partial<typeof DOSSIER>]>([
  ['a declaration is missing', { missing: DOSSIER.missing }],
  ['a copy has no end', { copiesLeft: 1 }],
  ['the controller has not chosen', { exit: { ...WHOLE.exit, choice: null } }],
  ['nobody has verified', { exit: { ...WHOLE.exit, verified: null } }],
])('certifies nothing while %s', async (_, change) => {
  await using body = await sampleBody()
  const certificate = await certificateOf(body, { ...WHOLE, ...change })
  expect(certificate.complete).toBe(false)
  expect(await renderHtml(certificate)).not.toContain('Certificato')
})
