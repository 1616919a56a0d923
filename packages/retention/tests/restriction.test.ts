import { asId, type FieldName, type ResourceName } from '@varco/core'
import { compileBundle, type Resource } from '@varco/policy'
import { fixtureBundle, fixtureDocument } from '@varco/policy/testing'
import { restrictedIn, type Restriction, type RestrictionScope } from '@varco/retention'
import { expect, test } from 'vitest'

// INVARIANT: the fixture has this resource.
const bundle = fixtureBundle()
const invoice = bundle.resources.get(asId<ResourceName>('invoice')) as Resource

const placed = (scope: RestrictionScope): Restriction => ({
  ...{ id: 'r', scope, reason: 'its accuracy is contested', placedBy: asId('DPO-1'), placedAt: 0n },
  ...{ request: null, liftedBy: null, liftedAt: null },
})
const RECORD = placed({ kind: 'record', resource: 'invoice', record: '7' })
const PERSON = placed({ kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P1' } })
const STAGE = placed({
  ...{ kind: 'stage', rule: 'r', resource: 'invoice', timeZone: 'Europe/Rome' },
  cutoffs: [{ field: asId<FieldName>('issued_on'), type: 'date', upTo: '2020-01-01' }],
})

test.each<[string, readonly Restriction[], object, boolean]>([
  ['its number', [RECORD], { id: '7' }, true],
  ['another number', [RECORD], { id: '8' }, false],
  ['no number', [RECORD], {}, true],
  ['whose it is', [PERSON], { producer_id: 'P1' }, true],
  ['whose else it is', [PERSON], { producer_id: 'P2' }, false],
  ['not whose it is', [PERSON], { id: '8' }, true],
  ['whose it is by another type', [PERSON], { producer_id: 17 }, true],
  ['a number that was rounded on its way', [RECORD], { id: 2 ** 53 }, true],
  ['that it is nobody’s', [PERSON], { producer_id: null }, false],
  ['an old date', [STAGE], { issued_on: '2019-12-31' }, true],
  ['no date', [STAGE], { issued_on: null }, false],
  ['nothing of its date', [STAGE], { id: '8' }, true],
  ['nothing, where nothing is restricted', [], {}, false],
  ['nothing, once it was lifted', [{ ...RECORD, liftedBy: asId('D'), liftedAt: 1n }], {}, false],
])('of a record from elsewhere that says %s', (_, restrictions, record, expected) => {
  expect(restrictedIn(restrictions, invoice, bundle)({ ...record })).toBe(expected)
})

/** An invoice's twin that names nobody, and points at its producer. */
function ofNobody(): { readonly resource: Resource; readonly bundle: typeof bundle } {
  const document = fixtureDocument()
  const like = document.catalogue.find((file) => file.resource === 'invoice')
  if (like === undefined) throw new Error('the fixture has invoices')
  const { data_subject: _named, ...rest } = like
  const twin = {
    ...{ ...rest, resource: 'draft', source: { relation: 'gse.draft' } },
    relations: {
      producer: { resource: 'producer', field: 'producer_id', to: 'id', many: false },
      invoice: { resource: 'invoice', field: 'number', to: 'number', many: false },
    },
  }
  const withDrafts = compileBundle({ ...document, catalogue: [...document.catalogue, twin] })
  return { bundle: withDrafts, resource: withDrafts.resources.get(asId<ResourceName>('draft')) as Resource }
}

test.each<[string, object, boolean]>([
  ['points at them', { producer_id: 'P1', number: null }, true],
  ['points at somebody else', { producer_id: 'P2', number: null }, false],
  ['points at nobody', { producer_id: null, number: null }, false],
  ['may point at a record of theirs', { producer_id: 'P2', number: '17/2026' }, true],
  ['does not say at whom it points', { number: null }, true],
])('a record from elsewhere that names nobody and %s', (_, record, expected) => {
  const drafts = ofNobody()
  expect(restrictedIn([PERSON], drafts.resource, drafts.bundle)({ ...record })).toBe(expected)
  expect(restrictedIn([RECORD], drafts.resource, drafts.bundle)({ ...record })).toBe(false)
})
