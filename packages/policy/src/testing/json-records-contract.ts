import { asId, InvariantError, type FieldName, type ResourceName } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { Resource } from '../bundle/bundle.ts'
import type { ClosedCondition } from '../decision/condition.ts'
import type {
  FetchedRecord,
  RecordFilter,
  RecordOrder,
  RecordQuery,
  RecordSource,
} from '../records/record-source.ts'
import { fixtureBundle } from './fixture-bundle.ts'

const invoice = fixtureBundle().resources.get('invoice' as ResourceName)
if (invoice === undefined) throw new InvariantError('the fixture has invoices')

const MESSAGE: FieldName = asId('message')
const TAGS: FieldName = asId('tags')
const ID: FieldName = asId('id')

/** Of `gse.reading`, which the fixture’s catalogue does not know: a number, a JSON value, and a list of texts. */
export const READING: Resource = {
  ...invoice,
  name: asId('reading'),
  relation: { schema: 'gse', table: 'reading' },
  key: ID,
  dataSubject: null,
  fields: new Map([
    [ID, { type: 'integer', category: 'x', nullable: false }],
    [MESSAGE, { type: 'json', category: 'x', nullable: true }],
    [TAGS, { type: 'text[]', category: 'x', nullable: true }],
  ]),
}

/** As the table must hold them. */
export const CONTRACT_READINGS: readonly FetchedRecord[] = [
  {
    id: '1',
    message: '{"kind": "gain", "value": 10, "deep": {"list": [1, "two", null]}, "ok": true}',
    tags: ['a', 'b'],
  },
  { id: '2', message: '{"kind": "loss", "value": 9.5, "ok": false, "è": "Ä"}', tags: ['b', 'a'] },
  { id: '3', message: null, tags: null },
  { id: '4', message: '[1, 2, "gain"]', tags: [] },
  { id: '5', message: '{"kind": null, "value": "10"}', tags: ['a'] },
  { id: '6', message: '{"kind": "Gain", "value": {"a": [], "b": {}}}', tags: ['', 'NULL'] },
]

/** What every record source must do with what stands within JSON and lists. `open` gives one over `CONTRACT_READINGS`. */
export function jsonRecordsContract(name: string, open: () => Promise<RecordSource>): void {
  const idsOf = async (query: Partial<RecordQuery>): Promise<readonly string[]> => {
    const source = await open()
    const rows = await source.fetch({
      ...{ resource: READING, fields: [ID], reach: { op: 'always' }, filter: null },
      ...{ order: [{ field: ID, direction: 'asc', nulls: 'last' }], offset: 0, limit: 100, ...query },
    })
    return rows.map(({ id }) => String(id))
  }
  const at = (path: string, as: 'json' | 'text' | 'decimal', of: RecordFilter): RecordFilter => ({
    ...{ kind: 'at', field: MESSAGE, path: path === '' ? [] : path.split('.'), as, of },
  })
  const found = (filter: RecordFilter): Promise<readonly string[]> => idsOf({ filter })
  const condition = (closed: ClosedCondition): RecordFilter => ({ kind: 'condition', condition: closed })
  const not = (of: RecordFilter): RecordFilter => ({ kind: 'not', of })
  const json = (test: 'equals' | 'contains' | 'within', value: string): RecordFilter => ({
    ...{ kind: 'json', field: MESSAGE, test, value },
  })
  const text = (op: 'eq' | 'gt', value: string): RecordFilter => condition({ op, field: MESSAGE, value })
  const exists = (value: boolean): RecordFilter => condition({ op: 'exists', field: MESSAGE, value })

  describe(`${name} as a source of records that hold JSON`, () => {
    test('compares what stands at a path as text', async () => {
      expect(await found(at('kind', 'text', text('eq', 'gain')))).toEqual(['1'])
      expect(await found(not(at('kind', 'text', text('eq', 'gain'))))).toEqual(['2', '6'])
      expect(await found(at('kind', 'text', text('gt', 'a')))).toEqual(['1', '2'])
      expect(await found(at('value', 'text', text('eq', '10')))).toEqual(['1', '5'])
      expect(await found(at('ok', 'text', text('eq', 'true')))).toEqual(['1'])
      expect(await found(at('deep.list.1', 'text', text('eq', 'two')))).toEqual(['1'])
      expect(await found(at('deep.list.-2', 'text', text('eq', 'two')))).toEqual(['1'])
      expect(await found(at('2', 'text', text('eq', 'gain')))).toEqual(['4'])
      const like: RecordFilter = { kind: 'like', field: MESSAGE, pattern: 'g%', ignoreCase: true }
      expect(await found(at('kind', 'text', like))).toEqual(['1', '6'])
    })

    test('knows nothing from null, and null from a value', async () => {
      expect(await found(at('kind', 'text', exists(false)))).toEqual(['3', '4', '5'])
      expect(await found(at('kind', 'json', exists(false)))).toEqual(['3', '4'])
      expect(await found(at('kind', 'json', json('equals', 'null')))).toEqual(['5'])
      expect(await found(at('nothing.at.all', 'json', exists(true)))).toEqual([])
    })

    test('compares numbers by size, and what is none with nothing', async () => {
      const above = (value: string): RecordFilter => condition({ op: 'gt', field: MESSAGE, value })
      expect(await found(at('value', 'decimal', above('9')))).toEqual(['1', '2'])
      expect(await found(at('value', 'decimal', above('9.75')))).toEqual(['1'])
      expect(await found(not(at('value', 'decimal', above('9.75'))))).toEqual(['2'])
    })

    test('compares JSON as JSON', async () => {
      expect(await found(at('value', 'json', json('equals', '1.00e1')))).toEqual(['1'])
      expect(await found(at('value', 'json', json('equals', '"10"')))).toEqual(['5'])
      expect(await found(at('value', 'json', json('equals', '{"b":{},"a":[]}')))).toEqual(['6'])
      expect(await found(at('', 'json', json('contains', '{"ok":true}')))).toEqual(['1'])
      expect(await found(at('', 'json', json('contains', '{"deep":{"list":["two"]}}')))).toEqual(['1'])
      expect(await found(at('', 'json', json('contains', '[2,1]')))).toEqual(['4'])
      expect(await found(at('', 'json', json('contains', '2')))).toEqual(['4'])
      expect(await found(at('deep', 'json', json('contains', '{"list":2}')))).toEqual([])
      expect(await found(at('', 'json', json('within', '[1,2,3,"gain"]')))).toEqual(['4'])
      expect(await found(not(at('', 'json', json('contains', '{}'))))).toEqual(['4'])
    })

    test('compares whole lists, and what stands in them', async () => {
      const list = (...values: readonly string[]): RecordFilter => ({ kind: 'list', field: TAGS, values })
      expect(await found(list('a', 'b'))).toEqual(['1'])
      expect(await found(list())).toEqual(['4'])
      expect(await found(list('', 'NULL'))).toEqual(['6'])
      expect(await found(not(list('a', 'b')))).toEqual(['2', '4', '5', '6'])
      const first: RecordFilter = condition({ op: 'eq', field: TAGS, value: 'a' })
      expect(await found({ kind: 'at', field: TAGS, path: ['0'], as: 'text', of: first })).toEqual(['1', '5'])
    })

    test('orders by what stands within', async () => {
      const by = (path: string, as: 'json' | 'text', change: Partial<RecordOrder> = {}): RecordOrder => ({
        ...{ field: MESSAGE, at: { path: [path], as }, direction: 'asc', nulls: 'last', ...change },
      })
      const id: RecordOrder = { field: ID, direction: 'asc', nulls: 'last' }
      expect(await idsOf({ order: [by('kind', 'text'), id] })).toEqual(['6', '1', '2', '3', '4', '5'])
      expect(await idsOf({ order: [by('kind', 'json', { nulls: 'first' }), id] })).toEqual([
        ...['3', '4', '5', '6', '1', '2'],
      ])
      expect(await idsOf({ order: [by('value', 'json', { direction: 'desc' }), id] })).toEqual([
        ...['6', '1', '2', '5', '3', '4'],
      ])
      const second: RecordOrder = {
        field: TAGS,
        at: { path: ['1'], as: 'text' },
        direction: 'desc',
        nulls: 'last',
      }
      const whole: RecordOrder = { field: TAGS, direction: 'asc', nulls: 'last' }
      expect(await idsOf({ order: [whole, id] })).toEqual(['4', '6', '5', '1', '2', '3'])
      expect(await idsOf({ order: [second, id] })).toEqual(['1', '2', '6', '3', '4', '5'])
    })

    test('takes any name and any text as what they are', async () => {
      for (const nasty of ["'; DROP TABLE gse.reading; --", '"', '\\', '{a,b}', '%', '__proto__', '']) {
        const path = [nasty]
        expect(await found({ kind: 'at', field: MESSAGE, path, as: 'text', of: exists(true) })).toEqual([])
        expect(await found(at('kind', 'text', text('eq', nasty)))).toEqual([])
        expect(await found(at('', 'json', json('equals', JSON.stringify(nasty))))).toEqual([])
      }
      expect(await found(at('è', 'text', text('eq', 'Ä')))).toEqual(['2'])
    })
  })
}
