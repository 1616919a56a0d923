import { createHash } from 'node:crypto'
import { actDraft } from '@varco/access-log'
import { canonicalJson, UnavailableError } from '@varco/core'
import { compileBundle } from '@varco/policy'
import {
  makeSubjectReport,
  renderJson,
  ReportCancelledError,
  subjectReportSchema,
  verifyReport,
} from '@varco/reports'
import { reportedDocument } from '@varco/reports/testing'
import { expect, test } from 'vitest'
import { GIULIA, ROWS, sampleBody, yearOfAccesses } from '../sample-body.ts'

test('has every part Art. 15 and the Court ask for', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const report = await body.report()

  // Art. 15(1): confirmation.
  expect(report.confirmation).toMatchObject({ code: 'records', text: expect.stringContaining('conferma') })
  // (a) purposes, with legal basis and norm.
  expect(report.purposes.map(({ id, norm }) => [id, norm])).toContainEqual([
    'invoice-enquiry',
    'D.Lgs. 79/1999, art. 3',
  ])
  // (b) categories; Art. 10 data are marked.
  const antimafia = report.archives.find(({ resource }) => resource.id === 'antimafia_check')
  expect(antimafia?.categories).toContainEqual({ id: 'judicial', title: 'Giudiziari', judicial: true })
  // (c) with C-154/21: each recipient by name, with dates, sub-processors too.
  const [aurora, borea] = report.recipients
  expect(aurora).toMatchObject({
    company: { id: 'aurora', title: 'Aurora Servizi S.r.l.' },
    contracts: [
      {
        reference: 'GSE-2025-114',
        from: '2026-01-01',
        to: '2027-12-31',
        seen: { accesses: 13, first: '2026-02-03T07:00:30.000001Z' },
      },
    ],
    sub_processors: [
      { name: 'Nuvola Dati S.r.l.', from: '2026-01-01', to: null },
      { name: 'Overseas Transcripts Ltd', country: 'IN', from: '2026-02-01', to: '2026-06-30' },
    ],
  })
  expect(borea).toMatchObject({ company: { title: 'Borea Contact S.p.A.' }, seen: { accesses: 1 } })
  // (d) retention or its criteria.
  const invoices = report.archives.find(({ resource }) => resource.id === 'invoice')
  expect(invoices?.retention).toMatchObject([
    { after: 'P10Y', trigger: { title: 'Data di emissione' }, because: 'Codice civile, art. 2220' },
  ])
  // (e) rights, (f) complaint.
  expect(report.rights.map(({ article }) => article)).toEqual(['16', '17', '18', '21'])
  expect(report.complaint).toContain('Garante per la protezione dei dati personali')
  // (g) source.
  expect(report.archives.find(({ resource }) => resource.id === 'producer')?.origin).toBe(
    'Fornito dall’interessato con la domanda.',
  )
  // (h) automated decisions.
  expect(report.automated_decisions).toContain('articolo 22')
  // (2) transfers and their safeguards.
  expect(report.transfers.outside).toEqual([
    {
      recipient: 'Overseas Transcripts Ltd',
      country: 'IN',
      safeguard: 'Clausole contrattuali tipo (articolo 46).',
    },
  ])
  // (3) copy; (4) without other people's data.
  expect(report.copy.map(({ resource, records }) => [resource.id, records.length])).toEqual([
    ['antimafia_check', 1],
    ['invoice', 2],
    ['producer', 1],
    ['invoice_line', 1],
  ])
  // C-579/21: when, why, which company and unit, a pseudonym.
  expect(report.accesses).toHaveLength(15)
  expect(report.accesses[0]).toMatchObject({
    at: '2026-10-19T09:07:31.000001Z',
    company: { title: 'Aurora Servizi S.r.l.' },
    unit: { title: 'Contact centre' },
    operator: 'AUR-4MX7C',
    purpose: { plain: 'Per rispondere a una domanda sullo stato di una fattura.' },
    contract: { reference: 'GSE-2025-114' },
    ticket: 'T-2026-0111',
    resource: { title: 'Fattura' },
    plain: [{ title: 'Numero' }, { title: 'Periodo' }, { title: 'Importo' }, { title: 'Stato' }],
    masked: [{ title: 'IBAN' }, { title: 'Codice fiscale' }],
  })
  // Coverage: since when the log can answer.
  expect(report.log).toMatchObject({
    origin: 'gse.example/varco',
    since: '2026-01-02T08:00:00.000001Z',
    retention: { floor: 'P2Y', ceiling: 'P3Y' },
  })
  expect(subjectReportSchema.parse(report)).toEqual(report)
})

test('every access carries a proof that holds without the database', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const report = await body.report()
  expect(verifyReport(renderJson(report), body.verifier)).toMatchObject({
    ok: true,
    accesses: 15,
    proved: 15,
    problems: [],
  })
})

test('shows nothing about anybody else', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const json = renderJson(await body.report())
  for (const trace of ['Rossi Energia', '01234567890', '2026/11', '"P2"', 'fratello'])
    expect(json).not.toContain(trace)
})

test('withholds what is also about others: fields declared so, and pointers to other people', async () => {
  await using body = await sampleBody()
  const report = await body.report({ dataSubjects: [GIULIA, { kind: 'visitor', id: 'V7' }] })
  const value = (resource: string, field: string) => {
    const set = report.copy.find((copy) => copy.resource.id === resource)
    return set?.records[0]?.values[set.fields.findIndex(({ id }) => id === field)]
  }
  expect(value('antimafia_check', 'notes')).toEqual({ withheld: 'third-parties' })
  expect(value('antimafia_check', 'outcome')).toBe('nulla')
  expect(value('visitor', 'host_id')).toEqual({ withheld: 'third-parties' })
  expect(value('invoice', 'producer_id')).toBe('P1')
})

test('the figures are those of the accesses', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const { summary, accesses, recipients, purposes } = await body.report()
  const count = (match: (access: (typeof accesses)[number]) => boolean) => accesses.filter(match).length
  expect(summary.seen).toEqual({
    accesses: accesses.length,
    first: accesses.at(-1)?.at,
    last: accesses[0]?.at,
  })
  for (const group of summary.by_company)
    expect(group.seen.accesses).toBe(count(({ company }) => company?.id === group.company?.id))
  for (const { month, accesses: n } of summary.by_month)
    expect(n).toBe(count(({ at }) => at.startsWith(month)))
  expect(summary.by_month.reduce((sum, month) => sum + month.accesses, 0)).toBe(accesses.length)
  for (const recipient of recipients)
    expect(recipient.seen.accesses).toBe(count(({ company }) => company?.id === recipient.company.id))
  for (const purpose of purposes)
    expect(purpose.accesses).toBe(count((access) => access.purpose?.id === purpose.id))
  expect([...accesses].sort((a, b) => b.at.localeCompare(a.at))).toEqual(accesses)
})

test('an access late on 31 December belongs to January where the body is', async () => {
  await using body = await sampleBody()
  await body.access('2026-11-30T22:30:00Z')
  await body.access('2026-12-31T23:30:00Z')
  const { summary } = await body.report()
  expect(summary.by_month).toEqual([
    { month: '2026-11', accesses: 1 },
    { month: '2026-12', accesses: 0 },
    { month: '2027-01', accesses: 1 },
  ])
})

test('an access that shows the same person under two kinds is one access', async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z', {
    disclosures: [
      { resource: 'invoice', recordKey: '10', dataSubject: GIULIA },
      { resource: 'visitor', recordKey: 'V7', dataSubject: { kind: 'visitor', id: 'V7' } },
    ],
  })
  const { accesses } = await body.report({ dataSubjects: [GIULIA, { kind: 'visitor', id: 'V7' }] })
  expect(accesses.map(({ records }) => records.map(({ key }) => key))).toEqual([['10', 'V7']])
})

test('names that the bundle no longer knows stay as they are in the log', async () => {
  await using body = await sampleBody()
  const gone = {
    processor: 'gone-ltd',
    contract: 'gone-2020',
    unit: 'constructor',
    role: 'toString',
    purpose: '__proto__',
    resource: 'invoice',
    plain: ['old_field'],
  }
  await body.access('2026-02-03T07:00:30Z', gone)
  const [access] = (await body.report()).accesses
  expect(access).toMatchObject({
    company: { id: 'gone-ltd', title: 'gone-ltd' },
    contract: { reference: 'gone-2020' },
    unit: { title: 'constructor' },
    role: { title: 'toString' },
    purpose: { id: '__proto__', plain: expect.stringContaining('non più') },
    plain: [{ title: 'old_field' }],
  })
})

test('its making is an event of the log, with its hash, and shows in the next one', async () => {
  await using body = await sampleBody()
  const first = await body.report()
  const event = await body.reader.find(first.made.event)
  expect(event).toMatchObject({
    kind: 'report-made',
    operator: 'RPD-2K9QX',
    detail: { report: 'varco/subject-report', content: first.made.content },
  })
  const { made: _made, checkpoints: _checkpoints, ...content } = first
  expect(createHash('sha256').update(canonicalJson(content)).digest('hex')).toBe(first.made.content)

  const second = await body.report()
  expect(second.accesses).toMatchObject([
    { event: first.made.event, kind: 'report-made', operator: 'RPD-2K9QX' },
  ])
  expect(verifyReport(renderJson(second), body.verifier).ok).toBe(true)
})

test('there is no report when the log cannot record it', async () => {
  await using body = await sampleBody()
  const log = { append: async () => Promise.reject(new UnavailableError('access log')) }
  const made = makeSubjectReport(
    { ...body, log, requestId: () => 'r' },
    { identifier: null, dataSubjects: [GIULIA], locale: 'it', requestedBy: 'RPD-2K9QX' },
  )
  await expect(made).rejects.toThrow(UnavailableError)
})

test('of an unknown person it confirms that nothing is known, and tells nothing of others', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const one = await body.report({ identifier: 'VRDLGU70A01F205X', dataSubjects: [] })
  const other = await body.report({ identifier: 'BNCMRA85T41L219K', dataSubjects: [] })
  expect(one).toMatchObject({
    confirmation: { code: 'nothing', text: expect.stringContaining('non tratta') },
    accesses: [],
    archives: [],
    purposes: [],
    recipients: [],
    copy: [],
    about: { identifier: 'VRDLGU70A01F205X', data_subjects: [] },
  })
  expect(one.rights).not.toEqual([])
  const { about: _a, made: _m, log: _l, checkpoints: _c, ...known } = one
  const { about: _a2, made: _m2, log: _l2, checkpoints: _c2, ...knownOther } = other
  expect(known).toEqual(knownOther)
  expect(verifyReport(renderJson(one), body.verifier).ok).toBe(true)
})

test('of a person erased from the records it still lists who had looked', async () => {
  await using body = await sampleBody({
    rows: { ...ROWS, producer: [], invoice: [], invoice_line: [], antimafia_check: [] },
  })
  await yearOfAccesses(body)
  const report = await body.report()
  expect(report).toMatchObject({
    confirmation: { code: 'accesses' },
    about: { data_subjects: [{ id: 'P1', name: [], in_records: false }] },
    copy: [],
  })
  expect(report.accesses).toHaveLength(15)
  expect(report.archives.map(({ resource, records }) => [resource.id, records])).toEqual([
    ['antimafia_check', 0],
    ['invoice', 0],
  ])
  expect(report.recipients).toHaveLength(2)
})

test('of a person recorded twice, merged, it is one report: each access once, the records of both', async () => {
  const twin = { ...ROWS['producer']?.[0], id: 'P7' } as const
  const second = { ...ROWS['invoice']?.[0], id: '70', producer_id: 'P7', number: '2026/70' } as const
  await using body = await sampleBody({
    rows: {
      ...ROWS,
      producer: [...(ROWS['producer'] ?? []), twin],
      invoice: [...(ROWS['invoice'] ?? []), second],
    },
  })
  const both = [GIULIA, { kind: 'producer', id: 'P7' }]
  expect((await body.records.find(body.bundle, 'DCLGLI80A41H501X')).map(({ ref }) => ref)).toEqual([
    ...both,
    { kind: 'visitor', id: 'V7' },
  ])
  await body.access('2026-02-03T07:00:30Z', {
    disclosures: both.map((dataSubject, i) => ({
      ...{ resource: 'invoice', recordKey: i === 0 ? '10' : '70', dataSubject },
    })),
  })
  await body.access('2026-02-04T07:00:30Z', {
    disclosures: [{ resource: 'invoice', recordKey: '70', dataSubject: both[1] ?? GIULIA }],
  })
  const report = await body.report({ dataSubjects: both })
  expect(report.accesses.map(({ records }) => records.map(({ key }) => key))).toEqual([['70'], ['10', '70']])
  expect(report.summary.seen.accesses).toBe(2)
  expect(report.archives.find(({ resource }) => resource.id === 'invoice')?.records).toBe(3)
  // Each is the other's own, and nobody's third party.
  expect(JSON.stringify(report.copy.find(({ resource }) => resource.id === 'invoice'))).not.toContain(
    'withheld',
  )
  expect(verifyReport(renderJson(report), body.verifier).ok).toBe(true)
})

test('a tax code that was changed keeps its accesses, and the old one finds nobody', async () => {
  const changed = 'DCLGLI80A41F205Z'
  const [giulia, ...others] = ROWS['producer'] ?? []
  await using body = await sampleBody({
    rows: { ...ROWS, producer: [{ ...giulia, tax_code: changed }, ...others], visitor: [] },
  })
  await yearOfAccesses(body)
  const found = async (code: string) => (await body.records.find(body.bundle, code)).map(({ ref }) => ref)
  expect(await found(changed)).toEqual([GIULIA])
  expect(await found('DCLGLI80A41H501X')).toEqual([])
  const report = await body.report({ identifier: changed, dataSubjects: await found(changed) })
  expect(report.accesses).toHaveLength(15)
  const old = await body.report({ dataSubjects: await found('DCLGLI80A41H501X') })
  expect(old.confirmation.code).toBe('nothing')
})

test('speaks of the purposes that concern these records, and of no others', async () => {
  const document = reportedDocument()
  const enquiry = document.purposes['invoice-enquiry']
  if (enquiry === undefined) throw new Error('the fixture has this purpose')
  const purposes = {
    ...document.purposes,
    fairs: { ...enquiry, legal_basis: 'consent' as const, categories: ['judicial'] },
  }
  await using body = await sampleBody({ bundle: compileBundle({ ...document, purposes }) })
  const ids = async (dataSubjects: readonly { kind: string; id: string }[]) =>
    (await body.report({ dataSubjects })).purposes.map(({ id }) => id)
  // No rule speaks of `fairs`: the judicial data of antimafia checks may serve it.
  expect(await ids([GIULIA])).toEqual(Object.keys(purposes))
  // No rule speaks of visitors: whatever declares one of their categories may concern them, and `fairs` does not.
  expect(await ids([{ kind: 'visitor', id: 'V7' }])).toEqual(Object.keys(document.purposes))
})

test('rights follow the legal bases, and automated decisions are explained', async () => {
  const document = reportedDocument()
  const enquiry = document.purposes['invoice-enquiry']
  if (enquiry === undefined) throw new Error('the fixture has this purpose')
  const bundle = compileBundle({
    ...document,
    purposes: {
      ...document.purposes,
      'invoice-enquiry': {
        ...enquiry,
        legal_basis: 'consent',
        automated_decisions: { it: 'Un punteggio.', en: 'A score.' },
      },
    },
  })
  await using body = await sampleBody({ bundle })
  const report = await body.report()
  expect(report.rights.map(({ article }) => article)).toEqual(['16', '17', '18', '20', '7'])
  expect(report.purposes.find(({ id }) => id === 'invoice-enquiry')?.automated_decisions).toBe(
    'Un punteggio.',
  )
  expect(report.automated_decisions).toContain('contestare')
})

test('says the same in English', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const report = await body.report({ locale: 'en' })
  expect(report.accesses[0]).toMatchObject({
    purpose: { plain: 'To answer a question on the state of an invoice.' },
    resource: { title: 'Invoice' },
  })
  expect(report.complaint).toContain('complaint')
  expect(JSON.stringify(report.rights)).not.toMatch(/Può/)
})

test('tells what was removed from the log', async () => {
  await using body = await sampleBody()
  await body.log.append(actDraft('disclosures-erased', { requestId: 'e', detail: { count: 3 } }))
  await body.log.append(actDraft('log-pruned', { requestId: 'p' }))
  expect((await body.report()).log.removals.map(({ kind }) => kind)).toEqual([
    'disclosures-erased',
    'log-pruned',
  ])
})

test('an identifier that is no text at all is answered like any other unknown one', async () => {
  await using body = await sampleBody()
  const report = await body.report({ identifier: '\ud800<b>', dataSubjects: [] })
  expect(report.about.identifier).toBe('\ufffd<b>')
  expect(report.confirmation.code).toBe('nothing')
})

test('cancelled while it gathers, nothing is made and the log has no word of it', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const cancelled = new AbortController()
  cancelled.abort()
  await expect(body.report({ signal: cancelled.signal })).rejects.toThrow(ReportCancelledError)
  expect((await body.reader.search({ kind: 'report-made', limit: 10 })).events).toEqual([])
})
