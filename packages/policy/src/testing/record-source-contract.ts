import { InvariantError, type FieldName, type ResourceName } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { Resource } from '../bundle/bundle.ts'
import type { ClosedCondition } from '../decision/condition.ts'
import type {
  FetchedRecord,
  RecordFilter,
  RecordOrder,
  RecordQuery,
  RecordSource,
  WordsFilter,
} from '../records/record-source.ts'
import { fixtureBundle } from './fixture-bundle.ts'

const found = fixtureBundle().resources.get('invoice' as ResourceName)
if (found === undefined) throw new InvariantError('the fixture has invoices')
const resource: Resource = found

const field = (name: string): FieldName => name as FieldName
const condition = (closed: ClosedCondition): RecordFilter => ({ kind: 'condition', condition: closed })
const like = (pattern: string, ignoreCase = false): RecordFilter => ({
  kind: 'like',
  field: field('number'),
  pattern,
  ignoreCase,
})
const ALWAYS: ClosedCondition = { op: 'always' }

/** Invoices of the fixture's catalogue, as the table must hold them. */
export const CONTRACT_INVOICES: readonly FetchedRecord[] = [
  invoice({
    id: '1',
    number: '2026/1',
    amount: '12345678901234567890.10',
    status: 'issued',
    issued_on: '2026-01-31',
  }),
  invoice({ id: '2', number: '2026/2', amount: '0.5', status: 'paid', issued_on: null }),
  invoice({ id: '9007199254740993', number: 'a%b', amount: '-3', status: 'issued', issued_on: '2026-03-29' }),
  invoice({ id: '4', number: 'A_B', amount: '3', status: 'sealed', issued_on: '2025-12-31' }),
  invoice({
    id: '5',
    number: 'È\\ "\'',
    amount: '100',
    status: 'disputed',
    issued_on: '2026-01-31',
    producer_id: 'P2',
  }),
]

function invoice(values: FetchedRecord): FetchedRecord {
  return { producer_id: 'P1', period: '2026-01', iban: null, tax_code: 'RSSMRA80A01H501U', ...values }
}

/** What every record source must do. `open` gives one over `CONTRACT_INVOICES`. */
export function recordSourceContract(name: string, open: () => Promise<RecordSource>): void {
  const fetch = async (query: Partial<RecordQuery>): Promise<readonly FetchedRecord[]> => {
    const source = await open()
    return source.fetch({
      ...{ resource, fields: [field('id')], reach: ALWAYS, filter: null, order: [], offset: 0, limit: 100 },
      ...query,
    })
  }
  const idsOf = async (query: Partial<RecordQuery>): Promise<readonly string[]> =>
    (await fetch(query)).map(({ id }) => String(id))
  const sorted = async (query: Partial<RecordQuery>): Promise<readonly string[]> =>
    [...(await idsOf(query))].sort()

  describe(`${name} as a record source`, () => {
    test('gives the fields asked for and no others, nothing rounded', async () => {
      const fields = ['id', 'number', 'amount', 'issued_on'].map(field)
      const rows = await fetch({ fields, reach: { op: 'eq', field: field('id'), value: '9007199254740993' } })
      expect(rows).toEqual([{ id: '9007199254740993', number: 'a%b', amount: '-3', issued_on: '2026-03-29' }])
      const [first] = await fetch({ fields, reach: { op: 'eq', field: field('id'), value: '1' } })
      expect(first?.['amount']).toBe('12345678901234567890.10')
      expect(
        await fetch({ fields: [field('issued_on')], reach: { op: 'eq', field: field('id'), value: '2' } }),
      ).toEqual([{ issued_on: null }])
    })

    test('stays within reach, whatever is looked for', async () => {
      const reach: ClosedCondition = { op: 'eq', field: field('producer_id'), value: 'P2' }
      expect(await idsOf({ reach })).toEqual(['5'])
      expect(await idsOf({ reach, filter: condition(ALWAYS) })).toEqual(['5'])
      expect(await idsOf({ reach, filter: { kind: 'any', of: [condition(ALWAYS), like('%')] } })).toEqual([
        '5',
      ])
      expect(
        await idsOf({ reach, filter: condition({ op: 'eq', field: field('status'), value: 'issued' }) }),
      ).toEqual([])
      expect(await idsOf({ reach: { op: 'never' }, filter: condition(ALWAYS) })).toEqual([])
      expect(await idsOf({ reach: { op: 'unknown' } })).toEqual([])
    })

    test('compares by type, and NULL with nothing', async () => {
      const amountAbove = (value: string): RecordFilter =>
        condition({ op: 'gt', field: field('amount'), value })
      expect(await sorted({ filter: amountAbove('3') })).toEqual(['1', '5'])
      expect(await sorted({ filter: amountAbove('12345678901234567890.09') })).toEqual(['1'])
      const early = condition({ op: 'lt', field: field('issued_on'), value: '2026-03-01' })
      expect(await sorted({ filter: early })).toEqual(['1', '4', '5'])
      expect(await sorted({ filter: { kind: 'not', of: early } })).toEqual(['9007199254740993'])
      expect(
        await sorted({ filter: condition({ op: 'exists', field: field('issued_on'), value: false }) }),
      ).toEqual(['2'])
      expect(
        await sorted({ filter: condition({ op: 'in', field: field('id'), values: ['1', '5', '77'] }) }),
      ).toEqual(['1', '5'])
      expect(await sorted({ filter: condition({ op: 'in', field: field('id'), values: [] }) })).toEqual([])
    })

    test('puts conditions together', async () => {
      const paid = condition({ op: 'eq', field: field('status'), value: 'paid' })
      const issued = condition({ op: 'eq', field: field('status'), value: 'issued' })
      const first = condition({ op: 'eq', field: field('number'), value: '2026/1' })
      expect(
        await sorted({ filter: { kind: 'any', of: [paid, { kind: 'all', of: [issued, first] }] } }),
      ).toEqual(['1', '2'])
      expect(await sorted({ filter: { kind: 'not', of: { kind: 'any', of: [paid, issued] } } })).toEqual([
        '4',
        '5',
      ])
      expect(await sorted({ filter: { kind: 'all', of: [] } })).toHaveLength(5)
      expect(await sorted({ filter: { kind: 'any', of: [] } })).toEqual([])
    })

    test('matches patterns, whose escapes hold', async () => {
      expect(await sorted({ filter: like('2026/%') })).toEqual(['1', '2'])
      expect(await sorted({ filter: like('a_b') })).toEqual(['9007199254740993'])
      expect(await sorted({ filter: like('A\\_B') })).toEqual(['4'])
      expect(await sorted({ filter: like('a\\_b') })).toEqual([])
      expect(await sorted({ filter: like('a_b', true) })).toEqual(['4', '9007199254740993'])
      expect(await sorted({ filter: like('%\\\\%') })).toEqual(['5'])
      expect(await sorted({ filter: like(`%"'`) })).toEqual(['5'])
      expect(await sorted({ filter: { kind: 'not', of: like('2026/%') } })).toEqual([
        '4',
        '5',
        '9007199254740993',
      ])
    })

    test('matches regular expressions, anywhere in the text but for their anchors', async () => {
      const matching = (pattern: string, ignoreCase = false): RecordFilter => ({
        ...{ kind: 'matches', field: field('number'), pattern, ignoreCase },
      })
      expect(await sorted({ filter: matching('^2026/[0-9]+$') })).toEqual(['1', '2'])
      expect(await sorted({ filter: matching('6/(1|7)') })).toEqual(['1'])
      expect(await sorted({ filter: matching('^a.b$') })).toEqual(['9007199254740993'])
      expect(await sorted({ filter: matching('^A.B$', true) })).toEqual(['4', '9007199254740993'])
      expect(await sorted({ filter: matching('\\\\') })).toEqual(['5'])
      expect(await sorted({ filter: { kind: 'not', of: matching('^2026') } })).toEqual([
        ...['4', '5', '9007199254740993'],
      ])
    })

    test('finds words, whatever their case and what stands between', async () => {
      const words = (form: WordsFilter['form'], text: string): RecordFilter => ({
        ...{ kind: 'words', field: field('status'), language: 'simple', form, text },
      })
      expect(await sorted({ filter: words('plain', 'Issued') })).toEqual(['1', '9007199254740993'])
      expect(await sorted({ filter: words('plain', 'issued paid') })).toEqual([])
      expect(await sorted({ filter: words('phrase', 'paid') })).toEqual(['2'])
      expect(await sorted({ filter: words('web', 'paid or sealed') })).toEqual(['2', '4'])
      expect(await sorted({ filter: words('web', '-issued') })).toEqual(['2', '4', '5'])
      expect(await sorted({ filter: words('query', 'pai:* | sealed & !paid') })).toEqual(['2', '4'])
      expect(await sorted({ filter: { kind: 'not', of: words('plain', 'issued') } })).toEqual(['2', '4', '5'])
      for (const text of ['', '!', "'", '"', '\\', '&|', ':*', '(', '<->', '-', "'; DROP TABLE gse.invoice"])
        for (const form of ['plain', 'phrase', 'web'] as const)
          expect(await idsOf({ filter: { kind: 'all', of: [words(form, text), like('nothing')] } })).toEqual(
            [],
          )
    })

    test('orders by value, NULL where it is told to, text by code point', async () => {
      const by = (
        name: string,
        direction: RecordOrder['direction'],
        nulls: RecordOrder['nulls'],
      ): RecordOrder => ({
        ...{ field: field(name), direction, nulls },
      })
      expect(await idsOf({ order: [by('amount', 'asc', 'last')] })).toEqual([
        '9007199254740993',
        '2',
        '4',
        '5',
        '1',
      ])
      expect(await idsOf({ order: [by('number', 'asc', 'last')] })).toEqual([
        '1',
        '2',
        '4',
        '9007199254740993',
        '5',
      ])
      const dates = [by('issued_on', 'desc', 'first'), by('id', 'desc', 'last')]
      expect(await idsOf({ order: dates })).toEqual(['2', '9007199254740993', '5', '1', '4'])
      expect(await idsOf({ order: [by('issued_on', 'asc', 'last'), by('id', 'asc', 'last')] })).toEqual([
        '4',
        '1',
        '5',
        '9007199254740993',
        '2',
      ])
    })

    test('skips and stops', async () => {
      const order: readonly RecordOrder[] = [{ field: field('id'), direction: 'asc', nulls: 'last' }]
      expect(await idsOf({ order, offset: 1, limit: 2 })).toEqual(['2', '4'])
      expect(await idsOf({ order, offset: 9, limit: 2 })).toEqual([])
      expect(await idsOf({ order, limit: 0 })).toEqual([])
    })

    test('finds records by those of another set, whose own reach holds', async () => {
      const related = (reach: ClosedCondition, inner: RecordFilter | null = null): RecordFilter => ({
        kind: 'related',
        field: field('producer_id'),
        to: field('producer_id'),
        set: { resource, reach, filter: inner },
      })
      const disputed: ClosedCondition = { op: 'eq', field: field('status'), value: 'disputed' }
      expect(await sorted({ filter: related(disputed) })).toEqual(['5'])
      expect(await sorted({ filter: { kind: 'not', of: related(disputed) } })).toEqual([
        '1',
        '2',
        '4',
        '9007199254740993',
      ])
      expect(await sorted({ filter: related({ op: 'never' }) })).toEqual([])
      expect(await sorted({ filter: related(ALWAYS, condition(disputed)) })).toEqual(['5'])
      expect(await sorted({ filter: related(ALWAYS, related(disputed)) })).toEqual(['5'])
      expect(
        await sorted({ reach: { op: 'neq', field: field('id'), value: '5' }, filter: related(disputed) }),
      ).toEqual([])
      const source = await open()
      expect(await source.count({ resource, reach: ALWAYS, filter: related(disputed) })).toBe(1)
    })

    test('orders by a field of the record of another set that belongs to it, where one does', async () => {
      const disputed: ClosedCondition = { op: 'neq', field: field('status'), value: 'issued' }
      const by = (reach: ClosedCondition, change: Partial<RecordOrder>): RecordOrder => ({
        ...{ field: field('amount'), direction: 'asc', nulls: 'last' },
        of: { from: field('id'), to: field('id'), set: { resource, reach, filter: null } },
        ...change,
      })
      const id: RecordOrder = { field: field('id'), direction: 'asc', nulls: 'last' }
      expect(await idsOf({ order: [by(ALWAYS, {})] })).toEqual(['9007199254740993', '2', '4', '5', '1'])
      // Two are out of that set's reach, and tell nothing of what they hold.
      expect(await idsOf({ order: [by(disputed, { direction: 'desc' }), id] })).toEqual([
        ...['5', '4', '2', '1', '9007199254740993'],
      ])
      expect(await idsOf({ order: [by(disputed, { nulls: 'first' }), id], limit: 3 })).toEqual([
        ...['1', '9007199254740993', '2'],
      ])
      const several: RecordOrder = by(ALWAYS, {
        of: {
          from: field('producer_id'),
          to: field('producer_id'),
          set: { resource, reach: ALWAYS, filter: null },
        },
      })
      expect(await idsOf({ order: [several, id] })).toHaveLength(5)
    })

    test('counts what it would give', async () => {
      const source = await open()
      const paid = condition({ op: 'eq', field: field('status'), value: 'paid' })
      const ofOne: ClosedCondition = { op: 'eq', field: field('producer_id'), value: 'P1' }
      expect(await source.count({ resource, reach: ALWAYS, filter: null })).toBe(5)
      expect(await source.count({ resource, reach: ofOne, filter: null })).toBe(4)
      expect(await source.count({ resource, reach: ofOne, filter: { kind: 'not', of: paid } })).toBe(3)
      expect(await source.count({ resource, reach: { op: 'never' }, filter: null })).toBe(0)
    })

    test('takes any text as a value, never as anything else', async () => {
      for (const value of ["'; DROP TABLE gse.invoice; --", '" OR ""="', '$1', '%', '\\', '😀']) {
        expect(await idsOf({ filter: condition({ op: 'eq', field: field('number'), value }) })).toEqual([])
        expect(
          await idsOf({ filter: condition({ op: 'in', field: field('number'), values: [value, '{a,b}'] }) }),
        ).toEqual([])
      }
      expect(await idsOf({})).toHaveLength(5)
    })
  })
}
