import { asId, UnavailableError, type FieldName, type ResourceName } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { compileBundle, type RecordQuery, type Resource } from '@varco/policy'
import { fixtureDocument, memoryRecordSource } from '@varco/policy/testing'
import { restrictRecords, type RestrictionScope } from '@varco/retention'
import { memoryRestrictions } from '@varco/retention/testing'
import { expect, test } from 'vitest'
import { freshRestrictions, withoutRestricted } from '../../src/compose/restricted-records.ts'

const document = fixtureDocument()
/** Lines of invoices, which name nobody. */
const lines = document.catalogue
  .filter((file) => file.resource === 'invoice')
  .map(({ data_subject: _named, ...like }) => ({
    ...{ ...like, resource: 'invoice_line', source: { relation: 'gse.invoice_line' } },
    fields: { ...like.fields, invoice_id: { ...like.fields['id'], nullable: true } },
    relations: { invoice: { resource: 'invoice', field: 'invoice_id', to: 'id', many: false } },
  })) as typeof document.catalogue
const bundle = compileBundle({ ...document, catalogue: [...document.catalogue, ...lines] })
// INVARIANT: the fixture has these resources.
const invoice = bundle.resources.get(asId<ResourceName>('invoice')) as Resource
const line = bundle.resources.get(asId<ResourceName>('invoice_line')) as Resource
const producer = bundle.resources.get(asId<ResourceName>('producer')) as Resource
const field = (name: string): FieldName => asId(name)

function world() {
  const clock = new ManualClock(0n)
  const restrictions = memoryRestrictions()
  const source = memoryRecordSource({
    producer: ['P1', 'P2'].map((id) => ({ id, name: `Name ${id}` })),
    invoice: [
      { id: 1, producer_id: 'P1', issued_on: '2020-01-01' },
      { id: 2, producer_id: 'P2', issued_on: '2024-01-01' },
      { id: 3, producer_id: 'P2', issued_on: null },
    ],
    invoice_line: [
      { id: 11, invoice_id: 1 },
      { id: 12, invoice_id: 2 },
      { id: 13, invoice_id: null },
    ],
  })
  const desk = {
    ...{ restrictions, clock, bundle: () => bundle },
    log: { append: async () => {} },
    newId: () => `id-${clock.now()}`,
    pause: async (ms: number) => clock.advance(BigInt(ms) * 1_000n),
  }
  const seen = withoutRestricted(source, {
    bundle: () => bundle,
    restrictions: freshRestrictions(restrictions, clock),
  })
  const restrict = async (scope: RestrictionScope): Promise<void> => {
    await restrictRecords(desk, { scope, reason: 'its accuracy is contested', by: asId('DPO-1') })
  }
  const query: RecordQuery = {
    resource: invoice,
    ...{ fields: [field('id')], reach: { op: 'always' }, filter: null },
    ...{ order: [{ field: field('id'), direction: 'asc', nulls: 'last' }], offset: 0, limit: 10 },
  }
  const ids = async (more: Partial<RecordQuery> = {}) =>
    (await seen.fetch({ ...query, ...more })).map(({ id }) => id)
  return { seen, restrict, ids, query, restrictions, clock, source }
}

test.each<[string, RestrictionScope, number[]]>([
  ['a record', { kind: 'record', resource: 'invoice', record: '2' }, [1, 3]],
  ['a data subject', { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P2' } }, [1]],
  [
    'a stage, and a record without its date is free',
    {
      ...{ kind: 'stage', rule: 'r', resource: 'invoice', timeZone: 'Europe/Rome' },
      cutoffs: [{ field: field('issued_on'), type: 'date', upTo: '2020-01-01' }],
    },
    [2, 3],
  ],
  ['another resource’s record', { kind: 'record', resource: 'producer', record: '2' }, [1, 2, 3]],
])('from the return of a restriction on nobody is shown %s, nor counts it', async (_, scope, left) => {
  const { restrict, ids, seen, query } = world()
  expect(await ids()).toEqual([1, 2, 3])
  await restrict(scope)
  expect(await ids()).toEqual(left)
  expect(await seen.count(query)).toBe(left.length)
})

test('a restricted record is not found through a relation either, nor by what is denied of it', async () => {
  const { restrict, ids } = world()
  const withProducer = (name: string): Partial<RecordQuery> => ({
    filter: {
      ...{ kind: 'related', field: field('producer_id'), to: field('id') },
      set: {
        ...{ resource: producer, reach: { op: 'always' } },
        filter: { kind: 'condition', condition: { op: 'eq', field: field('name'), value: name } },
      },
    },
  })
  expect(await ids(withProducer('Name P2'))).toEqual([2, 3])
  await restrict({ kind: 'record', resource: 'producer', record: 'P2' })
  expect(await ids(withProducer('Name P2'))).toEqual([])
})

test('what names nobody and points at a restricted person’s record is not there either, however one filters', async () => {
  const { restrict, ids, seen, query } = world()
  const ofLines = { ...query, resource: line }
  const numbered: Partial<RecordQuery> = {
    ...ofLines,
    filter: { kind: 'condition', condition: { op: 'in', field: field('id'), values: ['11', '12'] } },
  }
  expect(await ids(ofLines)).toEqual([11, 12, 13])
  await restrict({ kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P2' } })
  expect(await ids(ofLines)).toEqual([11, 13])
  expect(await ids(numbered)).toEqual([11])
  expect(await seen.count(ofLines)).toBe(2)
})

test('where restrictions cannot be read nothing is shown', async () => {
  const { source, query, clock } = world()
  const unknown = {
    bundle: () => bundle,
    restrictions: freshRestrictions(
      { restrictions: () => Promise.reject(new UnavailableError('retention')) },
      clock,
    ),
  }
  await expect(withoutRestricted(source, unknown).fetch(query)).rejects.toThrow(UnavailableError)
  await expect(withoutRestricted(source, unknown).count(query)).rejects.toThrow(UnavailableError)
})

test('an answer that takes long is waited for, and holds for whoever asked before it came', async () => {
  const { source, query, clock } = world()
  const answer = Promise.withResolvers<readonly []>()
  let asked = 0
  const slow = freshRestrictions(
    {
      restrictions: () => {
        asked += 1
        return answer.promise
      },
    },
    clock,
  )
  const seen = withoutRestricted(source, { bundle: () => bundle, restrictions: slow })
  const both = [seen.count(query), seen.count(query)]
  clock.advance(10_000_000n)
  answer.resolve([])
  expect(await Promise.all(both)).toEqual([3, 3])
  expect(asked).toBe(1)
})

test('a clock that stepped back keeps nothing from being read again', async () => {
  const { restrictions, clock, ids } = world()
  clock.advance(10_000_000n)
  expect(await ids()).toEqual([1, 2, 3])
  await restrictions.addRestriction({
    ...{ id: 'r', reason: 'its accuracy is contested', placedBy: asId('DPO-1'), placedAt: 1n },
    scope: { kind: 'record', resource: 'invoice', record: '1' },
    ...{ request: null, liftedBy: null, liftedAt: null },
  })
  clock.advance(-5_000_000n)
  expect(await ids()).toEqual([2, 3])
})
