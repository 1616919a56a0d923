import { asId, type ResourceName } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { compileBundle, type Resource } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import {
  holdsOn,
  placeHold,
  restrictRecords,
  unrestricted,
  type Hold,
  type HoldScope,
  type Restriction,
  type RestrictionScope,
} from '@varco/retention'
import { memoryRestrictions } from '@varco/retention/testing'
import { expect, test } from 'vitest'

const UUID = '4f0a1c52-9d3e-4b7a-8c61-0e2f5a9b7d14'
const by = asId<Hold['placedBy']>('LEG-1')
const reason = 'a dispute before the court'

/** Invoices have a number for their key, checks a UUID; a producer's key is text, a person's a number. */
const document = fixtureDocument()
const bundle = compileBundle({
  ...document,
  varco: {
    ...document.varco,
    data_subjects: {
      ...document.varco.data_subjects,
      // INVARIANT: the fixture has producers.
      person: document.varco.data_subjects['producer'] as (typeof document.varco.data_subjects)[string],
    },
  },
  catalogue: document.catalogue.map((file) =>
    file.resource === 'antimafia_check'
      ? {
          ...file,
          data_subject: { kind: 'person', field: 'person_id' },
          fields: {
            ...file.fields,
            id: { ...(file.fields['id'] as (typeof file.fields)[string]), type: 'uuid' as const },
            person_id: file.fields['id'] as (typeof file.fields)[string],
          },
        }
      : file,
  ),
})
// INVARIANT: the fixture has these resources.
const resourceOf = (name: string): Resource => bundle.resources.get(asId<ResourceName>(name)) as Resource

const record = (resource: string, key: string) => ({ kind: 'record' as const, resource, record: key })
const person = (kind: string, id: string) => ({ kind: 'data-subject' as const, dataSubject: { kind, id } })

function deskOf() {
  const holds: Hold[] = []
  const restrictions = memoryRestrictions()
  const desk = {
    ...{ bundle: () => bundle, restrictions, clock: new ManualClock(0n), newId: () => 'id-1' },
    log: { append: async () => {} },
    pause: async () => {},
  }
  const store = {
    addHold: async (hold: Hold) => void holds.push(hold),
    noteHoldRecorded: async () => {},
  } as unknown as Parameters<typeof placeHold>[0]['store']
  const hold = (scope: HoldScope) =>
    placeHold({ ...desk, store }, { scope, case: 'RG 1', reason, by, reviewAt: null })
  const restrict = (scope: RestrictionScope) => restrictRecords(desk, { scope, reason, by })
  return { hold, restrict, holds, restrictions }
}

type Named = ReturnType<typeof record> | ReturnType<typeof person>

test.each<[string, Named, Named]>([
  ['a UUID in capitals', record('antimafia_check', UUID.toUpperCase()), record('antimafia_check', UUID)],
  ['a number with zeros before it', record('invoice', '007'), record('invoice', '7')],
  ['a person’s number with zeros', person('person', '007'), person('person', '7')],
  ['a text, whose zeros count', person('producer', '007'), person('producer', '007')],
])('what is placed on %s is placed on the key as its type writes it', async (_, scope, placed) => {
  const { hold, restrict, holds, restrictions } = deskOf()
  expect(await hold(scope)).toMatchObject({ ok: true, hold: { scope: placed } })
  expect(await restrict(scope)).toMatchObject({ ok: true, restriction: { scope: placed } })
  expect(holds.map((one) => one.scope)).toEqual([placed])
  expect((await restrictions.restrictions()).map((one) => one.scope)).toEqual([placed])
})

test.each<[string, Named]>([
  ['a number, where keys are UUIDs', record('antimafia_check', '12')],
  ['a word, where keys are numbers', record('invoice', 'seven')],
  ['a fraction, where keys are integers', record('invoice', '7.5')],
  ['a number that no integer of the database reaches', record('invoice', '9223372036854775808')],
  ['a person known by a number', person('person', 'P1')],
  ['a resource that the catalogue does not know', record('invoices', '7')],
])('a key that nothing can have is refused: %s', async (_, scope) => {
  const { hold, restrict, holds, restrictions } = deskOf()
  expect(await hold(scope)).toMatchObject({ ok: false, code: 'impossible-key' })
  expect(await restrict(scope)).toMatchObject({ ok: false, code: 'impossible-key' })
  expect(holds).toEqual([])
  expect(await restrictions.restrictions()).toEqual([])
})

const held = (scope: HoldScope): Hold => ({
  ...{ id: 'h', scope, case: 'RG 1', reason, placedBy: by, placedAt: 0n },
  ...{ reviewAt: null, reviewed: null, releasedBy: null, releasedAt: null },
})

test.each<[string, Named, string, { key: string; dataSubject: string | null }]>([
  [
    'a UUID in capitals',
    record('antimafia_check', UUID.toUpperCase()),
    'antimafia_check',
    { key: UUID, dataSubject: null },
  ],
  ['a number with zeros', record('invoice', '007'), 'invoice', { key: '7', dataSubject: 'P1' }],
  ['a person’s number', person('person', '007'), 'antimafia_check', { key: UUID, dataSubject: '7' }],
])('a hold placed in another spelling before holds too: %s', async (_, scope, resource, locked) => {
  const isHeld = await holdsOn([held(scope)], resourceOf(resource), {
    bundle: () => bundle,
    shownUnder: async () => new Set(),
  }).among([locked])
  expect(isHeld(locked)).toBe(true)
  expect(isHeld({ key: '8', dataSubject: '8' })).toBe(false)
})

test('an impossible key restricted before is asked of no database, and another spelling as the type writes it', () => {
  const placed = (scope: RestrictionScope): Restriction => ({
    ...{ id: 'r', scope, reason, placedBy: by, placedAt: 0n },
    ...{ request: null, liftedBy: null, liftedAt: null },
  })
  const checks = resourceOf('antimafia_check')
  expect(unrestricted([placed(record('antimafia_check', '12'))], checks)).toEqual({ op: 'always' })
  const condition = unrestricted([placed(record('antimafia_check', UUID.toUpperCase()))], checks)
  expect(JSON.stringify(condition)).toContain(UUID)
})
