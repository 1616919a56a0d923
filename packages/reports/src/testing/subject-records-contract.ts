import { asId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SubjectRecords } from '../ports.ts'
import type { MemoryRows } from './memory-subject-records.ts'
import { reportedBundle } from './reported-bundle.ts'

export interface SubjectRecordsUnderTest extends AsyncDisposable {
  readonly records: SubjectRecords
}

/** What every implementation of the port promises, on the records given and the bundle that describes them. */
export function describeSubjectRecords(
  name: string,
  open: (bundle: Bundle, rows: MemoryRows) => Promise<SubjectRecordsUnderTest>,
): void {
  describe(`subject records ${name}`, () => {
    const bundle = reportedBundle()
    let under: SubjectRecordsUnderTest
    beforeAll(async () => {
      under = await open(bundle, ROWS)
    })
    afterAll(async () => {
      await under[Symbol.asyncDispose]()
    })
    const find = async (identifier: string) =>
      (await under.records.find(bundle, identifier)).map(({ ref }) => ref)
    const setsOf = async (kind: string, id: string) => {
      const sets = await under.records.recordsOf(bundle, { kind, id })
      return sets.map(({ resource, records }) => [resource, records.map((record) => record.key)])
    }

    test('finds a person under every kind the identifier leads to', async () => {
      expect(await find('DCLGLI80A41H501X')).toEqual([
        { kind: 'producer', id: 'P1' },
        { kind: 'visitor', id: 'V7' },
      ])
    })

    test.each([' DCLGLI80A41H501X\t', 'dclgli80a41h501x'])(
      'finds %j in spite of blanks and small letters',
      async (identifier) => {
        expect(await find(identifier)).toHaveLength(2)
      },
    )

    test('finds by any of the fields that identify', async () => {
      expect(await find('V7')).toEqual([{ kind: 'visitor', id: 'V7' }])
    })

    test('finds by the one field asked for, and by none the bundle does not offer', async () => {
      const by = async (kind: string, field: string) =>
        (await under.records.find(bundle, 'DCLGLI80A41H501X', { kind, field })).map(({ ref }) => ref.id)
      expect(await by('producer', 'tax_code')).toEqual(['P1'])
      expect(await by('producer', 'vat_number')).toEqual([])
      expect(await by('producer', 'name')).toEqual([])
      expect(await by('nobody', 'tax_code')).toEqual([])
    })

    test('finds all who share an identifier, in the order of their keys', async () => {
      expect(await find('01234567890')).toEqual([
        { kind: 'producer', id: 'P2' },
        { kind: 'producer', id: 'P3' },
      ])
    })

    test.each(['', '   ', 'DCLGLI80A41H501', '%', "' OR 1=1 --", 'P1', '\0', '🧿'])(
      'finds nobody for %j',
      async (identifier) => {
        expect(await find(identifier)).toEqual([])
      },
    )

    test('names people as the bundle says, leaving out parts that are missing, in the order of their keys', async () => {
      expect(await under.records.named(bundle, 'visitor', ['V8', 'V9', 'V7'])).toEqual([
        { ref: { kind: 'visitor', id: 'V7' }, name: ['Giulia', 'D’Àcqui <b>"مريم"</b>'] },
        { ref: { kind: 'visitor', id: 'V8' }, name: ['Ugo'] },
      ])
    })

    test.each([
      ['producer', 'P99'],
      ['nobody', 'P1'],
      ['constructor', 'P1'],
      ['visitor', 'P1'],
    ])('there is no %s %s', async (kind, id) => {
      expect(await under.records.named(bundle, kind, [id])).toEqual([])
      expect(await setsOf(kind, id)).toEqual([])
    })

    test('tells whose records are, directly or by what they point at', async () => {
      const owners = async (resource: string, keys: string[]) =>
        Object.fromEntries(await under.records.ownersOf(bundle, resource, keys))
      expect(await owners('invoice', ['9', '11', '12', 'not a number'])).toEqual({
        '9': { kind: 'producer', id: 'P1' },
        '11': { kind: 'producer', id: 'P2' },
      })
      expect(await owners('invoice_line', ['100', '101', '102'])).toEqual({
        '100': { kind: 'producer', id: 'P1' },
        '101': { kind: 'producer', id: 'P2' },
      })
      expect(await owners('correction', ['1', '2', '3'])).toEqual({
        '1': { kind: 'producer', id: 'P1' },
        '2': { kind: 'producer', id: 'P2' },
      })
      expect(await owners('producer', ['P3'])).toEqual({ P3: { kind: 'producer', id: 'P3' } })
      expect(await owners('gone', ['1'])).toEqual({})
      expect(await owners('invoice', [])).toEqual({})
    })

    test('follows the graph to records about nobody else, in the order of the catalogue and of the keys', async () => {
      expect(await setsOf('producer', 'P1')).toEqual([
        ['invoice', ['9', '10']],
        ['producer', ['P1']],
        ['invoice_line', ['99', '100', '1000']],
        ['correction', ['1']],
      ])
    })

    test('never reaches another person’s records, though the records point at each other', async () => {
      expect(await setsOf('visitor', 'V7')).toEqual([['visitor', ['V7']]])
    })

    test('gives every declared field in its exact text form, and no other', async () => {
      const sets = await under.records.recordsOf(bundle, { kind: 'producer', id: 'P1' })
      const invoice = sets.find(({ resource }) => resource === 'invoice')?.records[0]
      expect(Object.fromEntries(invoice?.values ?? [])).toEqual({
        id: '9',
        producer_id: 'P1',
        number: '2026/9',
        period: '2026-02',
        amount: '98765432109876543.21',
        status: 'issued',
        issued_on: '2026-03-02',
        iban: null,
        tax_code: 'DCLGLI80A41H501X',
      })
      const [visitor] = await under.records.recordsOf(bundle, { kind: 'visitor', id: 'V7' })
      const values = visitor?.records[0]?.values
      expect(values?.get(asId('came_at'))).toBe('2026-05-04T08:15:00+00:00')
      expect(JSON.parse(values?.get(asId('vehicles')) ?? '')).toEqual(['AB123CD', 'EF456GH'])
      expect(values?.has(asId('undeclared'))).toBe(false)
    })
  })
}

const CODE = 'DCLGLI80A41H501X'
const ROWS: MemoryRows = {
  producer: [
    {
      id: 'P1',
      name: 'Giulia D’Àcqui',
      tax_code: CODE,
      birth_date: '1980-01-01',
      email: null,
      iban: null,
      region: 'Lazio',
    },
    {
      id: 'P3',
      name: 'Rossi (fusa)',
      tax_code: '01234567890',
      birth_date: null,
      email: null,
      iban: null,
      region: 'Umbria',
    },
    {
      id: 'P2',
      name: 'Rossi Energia S.n.c.',
      tax_code: '01234567890',
      birth_date: null,
      email: null,
      iban: null,
      region: 'Umbria',
    },
  ],
  invoice: [
    {
      id: '10',
      producer_id: 'P1',
      number: '2026/10',
      period: '2026-03',
      amount: '1234.50',
      status: 'paid',
      issued_on: '2026-04-02',
      iban: null,
      tax_code: CODE,
    },
    {
      id: '9',
      producer_id: 'P1',
      number: '2026/9',
      period: '2026-02',
      amount: '98765432109876543.21',
      status: 'issued',
      issued_on: '2026-03-02',
      iban: null,
      tax_code: CODE,
    },
    {
      id: '11',
      producer_id: 'P2',
      number: '2026/11',
      period: '2026-03',
      amount: '3.00',
      status: 'paid',
      issued_on: null,
      iban: null,
      tax_code: '01234567890',
    },
  ],
  invoice_line: [
    { id: '1000', invoice_id: '9', kwh: '1' },
    { id: '100', invoice_id: '10', kwh: '512.125' },
    { id: '99', invoice_id: '10', kwh: '0.5' },
    { id: '101', invoice_id: '11', kwh: '7' },
    { id: '102', invoice_id: null, kwh: '8' },
  ],
  correction: [
    { id: '1', line_id: '100' },
    { id: '2', line_id: '101' },
    { id: '3', line_id: null },
  ],
  antimafia_check: [],
  visitor: [
    {
      badge: 'V7',
      first_name: 'Giulia',
      last_name: 'D’Àcqui <b>"مريم"</b>',
      tax_code: CODE.toLowerCase(),
      came_at: '2026-05-04T08:15:00+00:00',
      host_id: 'P2',
      vehicles: '["AB123CD", "EF456GH"]',
    },
    {
      badge: 'V8',
      first_name: 'Ugo',
      last_name: null,
      tax_code: null,
      came_at: null,
      host_id: 'P1',
      vehicles: null,
    },
  ],
}
