import { compileBundle, type BundleDocument } from '@varco/policy'
import { makeProcessingRegister, processingRegisterSchema, renderJson, verifyReport } from '@varco/reports'
import { reportedDocument } from '@varco/reports/testing'
import { describe, expect, test } from 'vitest'
import { at, sampleBody, type SampleBody } from '../sample-body.ts'

const NOW = at('2026-11-24T09:00:00Z')
const THEN = at('2025-11-24T09:00:00Z')

async function registerOf(body: SampleBody, before?: BundleDocument) {
  return makeProcessingRegister(
    { log: body.log, reader: body.reader, requestId: () => 'r-1' },
    {
      asOf: { bundle: body.bundle, at: NOW },
      ...(before === undefined ? {} : { comparedWith: { bundle: compileBundle(before), at: THEN } }),
      locale: 'it',
      requestedBy: 'RPD-2K9QX',
    },
  )
}

test('has every part of Art. 30(1)', async () => {
  await using body = await sampleBody()
  const register = await registerOf(body)
  // (a) controller and data protection officer.
  expect(register.controller).toMatchObject({
    name: 'Gestore dei Servizi Energetici S.p.A.',
    dpo: { email: 'rpd@gse.example' },
  })
  const enquiry = register.activities.find(({ purpose }) => purpose.id === 'invoice-enquiry')
  expect(enquiry).toMatchObject({
    // (b) purposes.
    purpose: { plain: 'Per rispondere a una domanda sullo stato di una fattura.' },
    legal_basis: 'public-task',
    // (c) categories of data subjects and of data.
    data_subjects: [{ id: 'producer', title: 'Produttore' }],
    categories: [{ title: 'Identificativi' }, { title: 'Recapiti' }, { title: 'Economici' }],
    // (d) recipients.
    recipients: [
      { company: { title: 'Aurora Servizi S.r.l.' }, contract: 'GSE-2025-114', clause: 'A.3' },
      { company: { title: 'Borea Contact S.p.A.' }, contract: 'GSE-2022-087', clause: '3.1' },
    ],
    // (f) time limits for erasure.
    retention: [{ archive: { id: 'invoice' }, after: 'P10Y', because: 'Codice civile, art. 2220' }],
  })
  expect(register.activities).toHaveLength(Object.keys(reportedDocument().purposes).length)
  // (e) transfers with safeguards.
  expect(register.transfers).toEqual([
    {
      recipient: 'Overseas Transcripts Ltd',
      country: 'IN',
      safeguard: 'Clausole contrattuali tipo (articolo 46).',
    },
  ])
  // (g) security measures, with figures counted from the rules.
  const masked = new Set(
    reportedDocument().access.flatMap((rule) =>
      Object.keys(rule.fields?.masked ?? {}).map((field) => `${rule.resource} ${field}`),
    ),
  )
  expect(register.security.map(({ text }) => text).join(' ')).toContain(
    `${masked.size} sono mostrati solo in parte`,
  )
  expect(processingRegisterSchema.parse(register)).toEqual(register)
})

test('has every part of Art. 30(2) for each processor', async () => {
  await using body = await sampleBody()
  const { processors } = await registerOf(body)
  expect(processors.map(({ company }) => company.id)).toEqual(['aurora', 'borea'])
  expect(processors[0]).toMatchObject({
    contact: { email: 'privacy@aurora.example' },
    contracts: [
      {
        reference: 'GSE-2025-114',
        activities: [
          { id: 'invoice-enquiry', clause: 'A.3' },
          { id: 'antimafia-status', clause: 'A.5' },
        ],
        exit: { delete_within: 'P30D' },
      },
    ],
    sub_processors: [{ name: 'Nuvola Dati S.r.l.' }, { name: 'Overseas Transcripts Ltd' }],
  })
})

test('an archive about nobody holds the data of those its records point at', async () => {
  const document = reportedDocument()
  const rule = document.access.find(({ id }) => id === 'dpo-invoice')
  if (rule === undefined) throw new Error('the fixture has this rule')
  const lines = {
    ...rule,
    id: 'dpo-lines',
    resource: 'invoice_line',
    fields: { plain: ['kwh'], masked: {}, hidden: [] },
    purposes: ['data-protection'],
  }
  await using body = await sampleBody({ bundle: compileBundle({ ...document, access: [lines] }) })
  const activity = (await registerOf(body)).activities.find(({ purpose }) => purpose.id === 'data-protection')
  expect(activity).toMatchObject({ archives: [{ id: 'invoice_line' }], data_subjects: [{ id: 'producer' }] })
})

test('its making is in the log and it verifies; a changed one does not', async () => {
  await using body = await sampleBody()
  const register = await registerOf(body)
  expect(verifyReport(renderJson(register), body.verifier)).toMatchObject({
    ok: true,
    format: 'varco/processing-register',
  })
  const tampered = { ...register, transfers: [] }
  expect(verifyReport(renderJson(tampered), body.verifier).problems).toEqual([
    { code: 'content-changed', event: register.made.event },
  ])
})

describe('compared with an earlier state', () => {
  test('the same bundle has no differences', async () => {
    await using body = await sampleBody()
    expect((await registerOf(body, reportedDocument())).changes).toMatchObject({
      since: { as_of: '2025-11-24T09:00:00.000000Z' },
      items: [],
    })
    expect((await registerOf(body)).changes).toBeNull()
  })

  const document = reportedDocument()
  const [aurora] = document.processors
  const enquiry = document.purposes['invoice-enquiry']
  if (aurora === undefined || enquiry === undefined) throw new Error('the fixture has these')
  const purposes = (change: Partial<typeof enquiry>) => ({
    ...document.purposes,
    'invoice-enquiry': { ...enquiry, ...change },
  })
  const contact = { ...document.varco.controller.dpo, email: 'altro@gse.example' }

  test.each<[string, BundleDocument, string]>([
    [
      'a longer retention',
      { ...document, retention: document.retention.map((rule) => ({ ...rule, after: 'P12Y' })) },
      'conservazione',
    ],
    [
      'another legal basis',
      { ...document, purposes: purposes({ legal_basis: 'consent' }) },
      'base giuridica',
    ],
    ['another norm', { ...document, purposes: purposes({ norm: 'L. 1/2000' }) }, 'base giuridica'],
    [
      'a company that was not there',
      { ...document, cases: [], processors: document.processors.slice(1) },
      'Responsabile del trattamento',
    ],
    [
      'a sub-processor less',
      { ...document, processors: [{ ...aurora, sub_processors: [] }, ...document.processors.slice(1)] },
      'Altro responsabile',
    ],
    [
      'another officer',
      {
        ...document,
        varco: { ...document.varco, controller: { ...document.varco.controller, dpo: contact } },
      },
      'Responsabile della protezione',
    ],
    ['fewer rules', { ...document, access: document.access.slice(1) }, 'Misure di sicurezza'],
  ])('%s shows', async (_, before, about) => {
    await using body = await sampleBody()
    const items = (await registerOf(body, before)).changes?.items ?? []
    expect(items.some((item) => item.about.includes(about))).toBe(true)
    for (const { before: was, after } of items) expect(was).not.toBe(after)
  })
})
