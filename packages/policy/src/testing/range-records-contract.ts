import { asId, InvariantError, type FieldName, type ResourceName } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { Resource } from '../bundle/bundle.ts'
import type {
  FetchedRecord,
  RangeFilter,
  RecordFilter,
  RecordQuery,
  RecordSource,
} from '../records/record-source.ts'
import { fixtureBundle } from './fixture-bundle.ts'

const invoice = fixtureBundle().resources.get('invoice' as ResourceName)
if (invoice === undefined) throw new InvariantError('the fixture has invoices')

const ID: FieldName = asId('id')
const ROOMS: FieldName = asId('rooms')
const HEAT: FieldName = asId('heat')

/** Of `gse.stay`, which the fixture’s catalogue does not know. */
const STAY: Resource = {
  ...invoice,
  name: asId('stay'),
  relation: { schema: 'gse', table: 'stay' },
  key: ID,
  dataSubject: null,
  fields: new Map([
    [ID, { type: 'integer', category: 'x', nullable: false }],
    [ROOMS, { type: 'int4range', category: 'x', nullable: true }],
    [HEAT, { type: 'numrange', category: 'x', nullable: true }],
  ]),
}

/** As the table must hold them. */
export const CONTRACT_STAYS: readonly FetchedRecord[] = [
  { id: '1', rooms: '[1,5)', heat: '[1.0,5)' },
  { id: '2', rooms: '[5,8)', heat: '(5,8]' },
  { id: '3', rooms: null, heat: null },
  { id: '4', rooms: 'empty', heat: 'empty' },
  { id: '5', rooms: '(,3)', heat: '(,1.00)' },
  { id: '6', rooms: '(,)', heat: '[5,5]' },
  { id: '7', rooms: '[7,)', heat: '[7.5,)' },
]

/** What every record source must do with ranges. `open` gives one over `CONTRACT_STAYS`. */
export function rangeRecordsContract(name: string, open: () => Promise<RecordSource>): void {
  const idsOf = async (query: Partial<RecordQuery>): Promise<readonly string[]> => {
    const source = await open()
    const rows = await source.fetch({
      ...{ resource: STAY, fields: [ID], reach: { op: 'always' }, filter: null },
      ...{ order: [{ field: ID, direction: 'asc', nulls: 'last' }], offset: 0, limit: 100, ...query },
    })
    return rows.map(({ id }) => String(id))
  }
  const rooms = (test_: RangeFilter['test'], value: string): RecordFilter => ({
    ...{ kind: 'range', field: ROOMS, type: 'int4range', test: test_, value },
  })
  const heat = (test_: RangeFilter['test'], value: string): RecordFilter => ({
    ...{ kind: 'range', field: HEAT, type: 'numrange', test: test_, value },
  })
  const found = (filter: RecordFilter): Promise<readonly string[]> => idsOf({ filter })
  const not = (of: RecordFilter): RecordFilter => ({ kind: 'not', of })

  describe(`${name} as a source of records that hold ranges`, () => {
    test('tells what holds another range, lies within it, or has something in common with it', async () => {
      expect(await found(rooms('contains', '[2,3)'))).toEqual(['1', '5', '6'])
      expect(await found(rooms('contains', 'empty'))).toEqual(['1', '2', '4', '5', '6', '7'])
      expect(await found(rooms('within', '[0,8)'))).toEqual(['1', '2', '4'])
      expect(await found(rooms('overlaps', '[4,6)'))).toEqual(['1', '2', '6'])
      expect(await found(rooms('overlaps', '[5,5)'))).toEqual([])
      expect(await found(not(rooms('overlaps', '[4,6)')))).toEqual(['4', '5', '7'])
      expect(await found(heat('contains', '[5,5]'))).toEqual(['6'])
      expect(await found(heat('overlaps', '[5,6)'))).toEqual(['2', '6'])
    })

    test('tells what lies before or after another range, or touches it', async () => {
      expect(await found(rooms('left', '[5,8)'))).toEqual(['1', '5'])
      expect(await found(rooms('right', '[1,5)'))).toEqual(['2', '7'])
      expect(await found(rooms('not-right', '[1,5)'))).toEqual(['1', '5'])
      expect(await found(rooms('not-left', '[5,8)'))).toEqual(['2', '7'])
      expect(await found(rooms('adjacent', '[5,7)'))).toEqual(['1', '7'])
      expect(await found(heat('adjacent', '[5,5]'))).toEqual(['1', '2'])
      expect(await found(heat('left', '(5,6)'))).toEqual(['1', '5', '6'])
      expect(await found(not(heat('left', '(5,6)')))).toEqual(['2', '4', '7'])
    })

    test('knows equal ranges however they are written, and orders them', async () => {
      const compared = (op: 'eq' | 'neq' | 'lt' | 'gte', value: string): RecordFilter => ({
        ...{ kind: 'condition', condition: { op, field: HEAT, value } },
      })
      expect(await found(compared('eq', '[1,5)'))).toEqual(['1'])
      expect(await found(compared('neq', '[1,5)'))).toEqual(['2', '4', '5', '6', '7'])
      expect(await found(compared('lt', '[5,5]'))).toEqual(['1', '4', '5'])
      expect(await found(compared('gte', '[5,5]'))).toEqual(['2', '6', '7'])
      expect(
        await found({
          kind: 'condition',
          condition: { op: 'in', field: ROOMS, values: ['[5,8)', 'empty', '(,)'] },
        }),
      ).toEqual(['2', '4', '6'])
      expect(await idsOf({ order: [{ field: ROOMS, direction: 'desc', nulls: 'last' }] })).toEqual([
        '7',
        '2',
        '1',
        '6',
        '5',
        '4',
        '3',
      ])
    })
  })
}
