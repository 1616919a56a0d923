import { asId } from '@varco/core'
import { renderHtml, renderJson, verifyReport, type SubjectReport } from '@varco/reports'
import { expect, test } from 'vitest'
import { openIdentity, sampleBody, yearOfAccesses, type SampleBody } from '../sample-body.ts'

const NUMBER = 'RQ-2026-000017'

async function bodyOfAYear(): Promise<SampleBody> {
  const body = await sampleBody()
  await yearOfAccesses(body)
  return body
}

const answering = async (body: SampleBody): Promise<SubjectReport> =>
  body.report({ answers: { number: NUMBER, vault: body.vault } })

test('names staff by the balancing two people made for this very request, which the log proves', async () => {
  await using body = await bodyOfAYear()
  await openIdentity(body, 'AUR-7F3K2', NUMBER)
  const report = await answering(body)
  expect(report.about.request).toBe(NUMBER)
  expect(report.identities).toMatchObject([
    {
      operator: 'AUR-7F3K2',
      external_id: 'person-of-aur-7f3k2',
      balancing: { requested_by: 'RPD-2K9QX', approved_by: 'ADM-7H2LM' },
    },
  ])
  expect(verifyReport(renderJson(report), body.verifier)).toMatchObject({ ok: true, problems: [] })
  expect(await renderHtml(report)).toContain('Without the name of AUR-7F3K2')
  const made = await body.reader.find(report.made.event)
  expect(made?.detail?.['identities']).toEqual([
    { pseudonym: 'AUR-7F3K2', opening: report.identities[0]?.balancing.event },
  ])
  expect(JSON.stringify(made?.detail)).not.toContain('person-of')
  // The worker sees for which request they were named, and why.
  expect(await body.vault.openingsOf(asId('AUR-7F3K2'))).toMatchObject([
    { caseId: NUMBER, reason: expect.stringContaining('no claim') },
  ])
})

test('in no other case', async () => {
  await using body = await bodyOfAYear()
  // For another case, however alike; of somebody who never looked; asked for only; refused.
  for (const other of [`${NUMBER} `, 'RQ-2026-00001', 'RG 12/2026', NUMBER.toLowerCase()])
    await openIdentity(body, 'AUR-7F3K2', other)
  await body.vault.seal(asId('AUR-NEVER'), { issuer: 'x', externalId: 'person-who-never-looked' })
  await openIdentity(body, 'AUR-NEVER', NUMBER)
  const reason = 'The claim cannot be brought otherwise.'
  const asked = { caseId: NUMBER, reason, by: 'RPD-2K9QX' }
  await body.vault.request({ ...asked, pseudonym: asId('AUR-4MX7C') })
  const { id } = await body.vault.request({ ...asked, pseudonym: asId('BOR-11QZ8') })
  await body.vault.refuse(id, 'ADM-7H2LM')
  const report = await answering(body)
  expect(report.identities).toEqual([])
  expect(renderJson(report)).not.toContain('person-')

  // Nor where it answers no request, whatever was opened.
  await openIdentity(body, 'AUR-7F3K2', NUMBER)
  const spontaneous = await body.report()
  expect(spontaneous.identities).toEqual([])
  expect(renderJson(spontaneous)).not.toContain('person-')
})

test('a balancing that the log does not have is seen by whoever checks the report', async () => {
  await using body = await bodyOfAYear()
  await openIdentity(body, 'AUR-7F3K2', NUMBER)
  const report = await answering(body)
  const [identity] = report.identities
  if (identity === undefined) throw new Error('somebody is named')
  const { balancing } = identity
  const problemsOf = (changed: Partial<SubjectReport>): readonly string[] =>
    verifyReport(renderJson({ ...report, ...changed }), body.verifier).problems.map(({ code }) => code)
  const changes: readonly Partial<typeof balancing>[] = [
    { reason: 'Another one altogether.' },
    { approved_by: 'RPD-2K9QX' },
    { requested_by: 'ADM-7H2LM' },
    { at: '2026-11-24T00:00:00.000000Z' },
    { event: report.made.event },
    { proof: report.accesses[0]?.proof ?? null },
  ]
  for (const change of changes)
    expect(problemsOf({ identities: [{ ...identity, balancing: { ...balancing, ...change } }] })).toContain(
      'differs-from-entry',
    )
  expect(problemsOf({ identities: [{ ...identity, balancing: { ...balancing, proof: null } }] })).toContain(
    'proof-missing',
  )
  expect(problemsOf({ identities: [{ ...identity, operator: 'AUR-4MX7C' }] })).toContain('differs-from-entry')
  expect(problemsOf({ about: { ...report.about, request: 'RQ-2026-000018' } })).toContain(
    'differs-from-entry',
  )
  expect(problemsOf({ identities: [{ ...identity, external_id: 'somebody-else' }] })).toEqual([
    'content-changed',
  ])
})
