import { UnavailableError } from '@varco/core'
import {
  breachedPeopleCsv,
  breachScopeSchema,
  InvalidPeriodError,
  makeBreachScope,
  renderJson,
  verifyReport,
  type BreachScopeRequest,
} from '@varco/reports'
import { describe, expect, test } from 'vitest'
import { at, GIULIA, ROWS, sampleBody, yearOfAccesses, type SampleBody } from '../sample-body.ts'

const ALL = { from: at('2026-01-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z') }

async function scopeOf(body: SampleBody, request: Partial<BreachScopeRequest> = {}) {
  body.clock.set('2026-11-24T09:41:07Z')
  return makeBreachScope(
    {
      log: body.log,
      reader: body.reader,
      records: body.records,
      bundle: body.bundle,
      requestId: () => 'r-1',
    },
    {
      reference: 'INC-2026-7',
      description: 'Credenziali di un operatore sottratte.',
      awareAt: at('2026-11-23T16:20:00Z'),
      compromised: { ...ALL, operator: 'AUR-7F3K2' },
      withPeople: false,
      locale: 'it',
      requestedBy: 'RPD-2K9QX',
      ...request,
    },
  )
}

test('counts people, records and accesses of the compromised operator, and no others', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const { scope } = await scopeOf(body)
  // Of the year, AUR-7F3K2 made every third of twelve readings, and two in summer, one of them of another person.
  expect(scope.figures).toMatchObject({ accesses: 6, denied: 0, data_subjects: 2, records_without_owner: 0 })
  expect(scope.by_kind).toEqual([{ id: 'producer', title: 'Produttore', data_subjects: 2 }])
  expect(scope.by_operator).toMatchObject([
    { operator: 'AUR-7F3K2', company: { title: 'Aurora Servizi S.r.l.' }, accesses: 6 },
  ])
  expect(breachScopeSchema.parse(scope)).toEqual(scope)
})

test('the figures are those of the log, counted in another way', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const { scope } = await scopeOf(body, { compromised: ALL })
  const { events } = await body.reader.search({ ...ALL, kind: 'access', limit: 500 })
  const shown = (await Promise.all(events.map(async ({ id }) => body.reader.disclosures(id)))).flat()
  const keys = new Set(shown.map(({ resource, recordKey }) => `${resource}/${recordKey}`))
  expect(scope.figures).toMatchObject({ accesses: events.length, records: keys.size })
  expect(scope.by_day.reduce((sum, day) => sum + day.accesses, 0)).toBe(events.length)
  expect(scope.by_day.reduce((sum, day) => sum + day.records, 0)).toBe(shown.length)
  expect(scope.by_operator.reduce((sum, entry) => sum + entry.accesses, 0)).toBe(events.length)
})

test('tells plain from masked, and marks judicial data', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const { scope } = await scopeOf(body, { compromised: ALL })
  const category = (id: string) => scope.by_category.find((entry) => entry.id === id)
  expect(scope.by_category[0]).toMatchObject({ id: 'judicial', judicial: true, in_plain: 1, masked_only: 0 })
  expect(category('economic')).toMatchObject({ in_plain: 2, masked_only: 0 })
  // The tax code was only ever masked.
  expect(category('identification')).toMatchObject({ in_plain: 0, masked_only: 1 })
  const invoices = scope.by_resource.find(({ resource }) => resource.id === 'invoice')
  expect(invoices).toMatchObject({ data_subjects: 2, records: 3 })
  expect(invoices?.masked).toContainEqual({ id: 'iban', title: 'IBAN', category: 'Economici' })
})

describe('narrows by each part of what was compromised', () => {
  test.each([
    ['a contract', { contract: 'borea-2023' }, 1],
    ['a company', { processor: 'aurora' }, 14],
    ['a ticket', { ticket: 'T-2026-0431' }, 1],
    ['a node', { node: 'proxy-1' }, 16],
    ['another node', { node: 'proxy-2' }, 0],
    ['a workstation', { workstation: 'ws-12' }, 16],
    ['a request', { requestId: 'nobody’s' }, 0],
    ['a window', { from: at('2026-02-03T07:00:30Z'), to: at('2026-02-17T08:17:31.000001Z') }, 1],
  ])('%s', async (_, part, accesses) => {
    await using body = await sampleBody()
    await yearOfAccesses(body)
    const { scope } = await scopeOf(body, { compromised: { ...ALL, ...part } })
    expect(scope.figures.accesses).toBe(accesses)
  })
})

test('counts what was denied apart from what was shown', async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z', { decision: 'deny', disclosures: [], plain: [], masked: [] })
  const { scope } = await scopeOf(body)
  expect(scope.figures).toMatchObject({ accesses: 1, denied: 1, records: 0, data_subjects: 0 })
})

test('says so when the records no longer tell whose a record was', async () => {
  await using body = await sampleBody({ rows: { ...ROWS, invoice: [] } })
  await body.access('2026-02-03T07:00:30Z')
  const { scope } = await scopeOf(body)
  expect(scope.figures).toMatchObject({ records: 1, data_subjects: 0, records_without_owner: 1 })
})

test('does not pass over in silence those who were erased from the log since', async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z')
  await body.access('2026-02-04T07:00:30Z', {
    disclosures: [
      { resource: 'invoice', recordKey: '9', dataSubject: GIULIA },
      { resource: 'invoice', recordKey: '11', dataSubject: { kind: 'producer', id: 'P2' } },
    ],
  })
  expect((await scopeOf(body)).scope.figures).toMatchObject({ data_subjects: 2, records_erased: 0 })
  await body.erase(GIULIA)
  const { scope } = await scopeOf(body)
  expect(scope.figures).toMatchObject({ accesses: 2, records: 1, data_subjects: 1, records_erased: 2 })
})

test('72 hours run from the moment of awareness, nights and holidays included', async () => {
  await using body = await sampleBody()
  const { scope } = await scopeOf(body, { awareAt: at('2026-12-24T22:00:00Z') })
  expect(scope.incident).toMatchObject({
    aware_at: '2026-12-24T22:00:00.000000Z',
    notify_by: '2026-12-27T22:00:00.000000Z',
  })
})

test('has each required content of the notification; what only people can write stays open', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const open = (await scopeOf(body)).scope.notification
  expect(open).toMatchObject({
    nature: expect.stringContaining('2\u00a0persone'),
    contact: expect.stringContaining('rpd@gse.example'),
    consequences: null,
    measures: null,
  })
  const written = (await scopeOf(body, { consequences: 'Truffe.', measures: 'Credenziali revocate.' })).scope
    .notification
  expect(written).toMatchObject({ consequences: 'Truffe.', measures: 'Credenziali revocate.' })
})

describe('the people', () => {
  test('are not in the report, nor anywhere unless asked for', async () => {
    await using body = await sampleBody()
    await yearOfAccesses(body)
    const { scope, people } = await scopeOf(body)
    expect(people).toEqual([])
    for (const trace of ['Giulia', 'Rossi', 'DCLGLI', '"P1"']) expect(renderJson(scope)).not.toContain(trace)
    const made = await body.reader.find(scope.made.event)
    expect(made?.disclosed.count).toBe(0)
  })

  test('are listed for Art. 34 when asked for, and the log tells that they were', async () => {
    await using body = await sampleBody()
    await yearOfAccesses(body)
    const { scope, people } = await scopeOf(body, { withPeople: true })
    expect(people).toMatchObject([
      {
        ref: GIULIA,
        name: ['Giulia D’Àcqui'],
        records: 3,
        plain: ['Amministrativi', 'Economici'],
        masked: ['Identificativi'],
      },
      { ref: { kind: 'producer', id: 'P2' }, name: ['Rossi Energia S.n.c.'], records: 1 },
    ])
    expect((await body.reader.find(scope.made.event))?.disclosed.count).toBe(2)
    const report = await body.report()
    expect(report.accesses[0]).toMatchObject({ kind: 'report-made', event: scope.made.event })
  })

  test('come as CSV in which no cell is a formula', () => {
    const csv = breachedPeopleCsv(
      [
        {
          ref: { kind: 'producer', id: '=1+1' },
          kind: 'Produttore',
          name: ['@SUM(A1)', '"x"'],
          records: 3,
          plain: ['+39'],
          masked: [],
        },
        {
          ref: { kind: 'producer', id: 'P2' },
          kind: 'Produttore',
          name: ['\t=HYPERLINK("http://a.example")'],
          records: 1,
          // As wide as a Chinese letter, and a formula to some all the same.
          plain: ['＝1+1'],
          masked: [],
        },
      ],
      'it',
    )
    expect(csv).toBe(
      '\ufeff"Tipo","Codice","Nome","Schede viste","Categorie in chiaro","Categorie mascherate"\r\n' +
        `"Produttore","'=1+1","'@SUM(A1) ""x""",3,"'+39",""\r\n` +
        `"Produttore","P2","'\t'=HYPERLINK(""http://a.example"")",1,"'＝1+1",""\r\n`,
    )
  })
})

test('its making is in the log and it verifies', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const { scope } = await scopeOf(body)
  expect(verifyReport(renderJson(scope), body.verifier)).toMatchObject({
    ok: true,
    format: 'varco/breach-scope',
  })
  const fewer = { ...scope, figures: { ...scope.figures, data_subjects: 1 } }
  expect(verifyReport(renderJson(fewer), body.verifier).ok).toBe(false)
})

test('refuses periods that make no sense, in a sentence', async () => {
  await using body = await sampleBody()
  const backwards = { from: ALL.to, to: ALL.from }
  await expect(scopeOf(body, { compromised: backwards })).rejects.toThrow(InvalidPeriodError)
  await expect(scopeOf(body, { compromised: { ...ALL, to: ALL.from } })).rejects.toThrow(
    'the period ends before it begins',
  )
  await expect(scopeOf(body, { awareAt: at('2025-01-01T00:00:00Z') })).rejects.toThrow(
    'cannot be aware before',
  )
})

test('gives nothing when records or log cannot be read', async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z')
  const gone = async () => Promise.reject(new UnavailableError('personal records'))
  await expect(scopeOf({ ...body, records: { ...body.records, ownersOf: gone } })).rejects.toThrow(
    UnavailableError,
  )
})

test('more accesses than a page are all counted', async () => {
  await using body = await sampleBody()
  for (let i = 0; i < 1201; i++) await body.access('2026-02-03T07:00:30Z')
  expect((await scopeOf(body)).scope.figures).toMatchObject({ accesses: 1201, records: 1, data_subjects: 1 })
})
