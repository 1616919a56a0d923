import { InvariantError, type FieldName, type ResourceName } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { Resource } from '../bundle/bundle.ts'
import type { ClosedCondition } from '../decision/condition.ts'
import type { FetchedRecord, RecordSource } from '../records/record-source.ts'
import type { NewValue, RecordUpdate, RecordWriter } from '../records/record-writer.ts'
import { fixtureBundle } from './fixture-bundle.ts'

const found = fixtureBundle().resources.get('invoice' as ResourceName)
if (found === undefined) throw new InvariantError('the fixture has invoices')
const resource: Resource = found

const field = (name: string): FieldName => name as FieldName
const ALWAYS: ClosedCondition = { op: 'always' }
const ofP1: ClosedCondition = { op: 'eq', field: field('producer_id'), value: 'P1' }

function setting(values: Readonly<Record<string, NewValue>>, more: Partial<RecordUpdate> = {}): RecordUpdate {
  return {
    ...{ resource, reach: ofP1, filter: null, limit: 100 },
    fields: ['id', 'amount', 'status'].map(field),
    values: new Map(Object.entries(values).map(([name, value]) => [field(name), value])),
    ...more,
  }
}

/**
 * What every record writer must do. `open` gives one over `CONTRACT_INVOICES`, afresh each time, with a source over the
 * same records; the table takes no amount below -1000.
 */
export function recordWriterContract(
  name: string,
  open: () => Promise<{ readonly writer: RecordWriter; readonly source: RecordSource }>,
): void {
  const allFrom = (source: RecordSource): Promise<readonly FetchedRecord[]> =>
    source.fetch({
      ...{ resource, reach: ALWAYS, filter: null, offset: 0, limit: 100 },
      fields: ['id', 'amount', 'status', 'issued_on', 'iban'].map(field),
      order: [{ field: field('id'), direction: 'asc', nulls: 'last' }],
    })

  describe(`${name} as a record writer`, () => {
    test('changes what is within reach and found, and gives it as it is now', async () => {
      const { writer, source } = await open()
      const filter = {
        kind: 'condition',
        condition: { op: 'eq', field: field('status'), value: 'issued' },
      } as const
      const seen: FetchedRecord[] = []
      const outcome = await writer.update(
        setting({ status: 'paid', amount: '9007199254740993.10', issued_on: null }, { filter }),
        async (before) => {
          seen.push(...before)
          return true
        },
      )
      expect(seen.map(({ id, status }) => [String(id), status])).toEqual([
        ['1', 'issued'],
        ['9007199254740993', 'issued'],
      ])
      expect(outcome).toMatchObject({
        kind: 'done',
        after: [
          { amount: '9007199254740993.10', status: 'paid' },
          { amount: '9007199254740993.10', status: 'paid' },
        ],
      })
      const all = await allFrom(source)
      expect(all.map(({ id, status }) => `${String(id)} ${String(status)}`)).toEqual([
        '1 paid',
        '2 paid',
        '4 sealed',
        '5 disputed',
        '9007199254740993 paid',
      ])
      expect(all[0]).toMatchObject({ issued_on: null, iban: null })
    })

    test('changes nothing before it is allowed to, nor when it is not, nor when asking fails', async () => {
      const { writer, source } = await open()
      const before = await allFrom(source)
      const unchanged = async (): Promise<void> => {
        expect(await allFrom(source)).toEqual(before)
      }
      const withheld = await writer.update(setting({ status: 'paid' }), async () => {
        await unchanged()
        return false
      })
      expect(withheld).toEqual({ kind: 'withheld' })
      await unchanged()
      const fault = new Error('the log is away')
      await expect(writer.update(setting({ status: 'paid' }), () => Promise.reject(fault))).rejects.toBe(
        fault,
      )
      await unchanged()
      // Nothing is left locked behind.
      expect(await writer.update(setting({ status: 'paid' }), async () => true)).toMatchObject({
        kind: 'done',
      })
    })

    test('finds no more than its limit, in the order of their keys', async () => {
      const { writer } = await open()
      const seen: FetchedRecord[] = []
      await writer.update(setting({ status: 'x' }, { limit: 2 }), async (before) => {
        seen.push(...before)
        return false
      })
      expect(seen.map(({ id }) => String(id))).toEqual(['1', '2'])
    })

    test('says that the tables refuse it, and changes none of the records then', async () => {
      const { writer, source } = await open()
      const before = await allFrom(source)
      expect(await writer.update(setting({ amount: '-1000.01' }), async () => true)).toEqual({
        kind: 'rejected',
      })
      expect(await allFrom(source)).toEqual(before)
    })

    test('lets one of two that want the same record look again', async () => {
      const { writer } = await open()
      const filter = {
        kind: 'condition',
        condition: { op: 'eq', field: field('status'), value: 'paid' },
      } as const
      const counts: number[] = []
      const update = (): Promise<unknown> =>
        writer.update(setting({ status: 'issued' }, { filter }), async (before) => {
          counts.push(before.length)
          return before.length > 0
        })
      await Promise.all([update(), update()])
      expect(counts.toSorted((a, b) => a - b)).toEqual([0, 1])
    })

    test('takes any text as a value, never as anything else', async () => {
      const { writer } = await open()
      for (const value of ["'; DROP TABLE gse.invoice; --", '$1', '\\', '{a,b}', '😀', '']) {
        const outcome = await writer.update(setting({ status: value }), async () => true)
        expect(outcome).toMatchObject({ kind: 'done', after: [{ status: value }, {}, {}, {}] })
      }
    })
  })
}
