import {
  compileBundle,
  hangingOn,
  type Bundle,
  type BundleDocument,
  type FetchedRecord,
  type HangingRecords,
} from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { mayBelongTo } from '../src/belonging.ts'
import { mayBeTheirs } from '../src/upstream/may-be-theirs.ts'

const words = (text: string) => ({ it: text, en: text })
const P2 = { kind: 'producer', ids: ['P2'] }

/** Papers hang on invoices, and may point at a producer and at the invoice they copy. */
function world(relations: readonly ('about' | 'copied')[]): {
  readonly bundle: Bundle
  readonly hanging: HangingRecords
} {
  const document = fixtureDocument()
  const invoice = document.catalogue.find(({ resource }) => resource === 'invoice')
  const id = invoice?.fields['id']
  if (invoice === undefined || id === undefined) throw new Error('the fixture has no invoices')
  const all: BundleDocument['catalogue'][number]['relations'] = {
    about: { resource: 'producer', field: 'producer', to: 'id', many: false },
    copied: { resource: 'invoice', field: 'copied', to: 'id', many: false },
  }
  const pointer = { ...id, type: 'text' as const, nullable: true }
  const paper = {
    ...{ ...invoice, resource: 'paper', title: words('Carta'), key: 'no', data_subject: undefined },
    source: { upstream: 'papers', delete: { method: 'DELETE' as const, path: '/papers/{key}' } },
    fields: { no: { ...pointer, nullable: false }, invoice: id, producer: pointer, copied: id },
    relations: {
      invoice: { resource: 'invoice', field: 'invoice', to: 'id', many: false },
      ...Object.fromEntries(relations.map((name) => [name, all[name]])),
    } as typeof all,
  }
  const routes = ['invoice', 'producer', 'copied'].map((field) => ({
    ...{ method: 'GET' as const, path: `/by-${field}`, query: { of: field }, paging: [] },
    answer: [{ at: '', resource: 'paper' }],
  }))
  const upstream = { upstream: 'papers', title: words('Carte'), base: 'https://papers.example', routes }
  const bundle = compileBundle({
    ...document,
    catalogue: [...document.catalogue, paper],
    upstreams: [{ ...upstream, max_bytes: 1_000, timeout_seconds: 1 }],
  })
  const on = [...bundle.resources.values()].find(({ name }) => name === 'invoice')
  const hanging = on && hangingOn(bundle, on).find(({ field }) => field === 'invoice')
  if (hanging === undefined) throw new Error('nothing hangs on invoices')
  return { bundle, hanging }
}

function mayBe(relations: readonly ('about' | 'copied')[], found: FetchedRecord): boolean {
  const { bundle, hanging } = world(relations)
  const on = [...bundle.resources.values()].find(({ name }) => name === 'invoice')
  const belonging = mayBelongTo(bundle, hanging.resource, P2)
  if (on === undefined || belonging === null) throw new Error('papers lead to producers')
  return mayBeTheirs([belonging], { found, hanging, on })
}

test('what points at nothing but the free record it hangs on is nobody’s', () => {
  expect(mayBe([], { no: 'a', invoice: 7 })).toBe(false)
})

test('of another pointer is asked whom it names; where it names nobody, or was not told, it may be theirs', () => {
  expect(mayBe(['about'], { no: 'a', invoice: 7, producer: null })).toBe(false)
  expect(mayBe(['about'], { no: 'a', invoice: 7, producer: 'P3' })).toBe(false)
  expect(mayBe(['about'], { no: 'a', invoice: 7, producer: 'P2' })).toBe(true)
  expect(mayBe(['about'], { no: 'a', invoice: 7 })).toBe(true)
  expect(mayBe(['copied'], { no: 'a', invoice: 7, copied: null })).toBe(false)
  expect(mayBe(['copied'], { no: 'a', invoice: 7, copied: 8 })).toBe(true)
})
