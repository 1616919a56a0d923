import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  bundleDocumentSchema,
  BundleError,
  bundleFiles,
  compileBundle,
  diffBundles,
  loadBundle,
  type BundleDocument,
} from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'

const INVOICES = {
  ...{ method: 'GET', path: '/invoices', query: { customer: 'producer_id' }, paging: ['page'] },
  answer: [
    { at: '/data', resource: 'invoice', keys: { id: 'id', customer: 'producer_id', total: 'amount' } },
  ],
}
const ONE = { method: 'GET', path: '/invoices/{id}', answer: [{ resource: 'invoice' }] }
const CRM = {
  ...{ upstream: 'crm', title: { it: 'CRM', en: 'CRM' }, base: 'https://crm.example/api' },
  routes: [INVOICES, ONE],
}

function withUpstreams(...upstreams: readonly unknown[]): BundleDocument {
  return bundleDocumentSchema.parse({ ...fixtureDocument(), upstreams })
}

function problemsOf(...upstreams: readonly unknown[]): readonly string[] {
  try {
    compileBundle(withUpstreams(...upstreams))
    return []
  } catch (error) {
    if (!(error instanceof BundleError)) throw error
    return error.problems.map(({ message }) => message)
  }
}

function withRoute(...routes: readonly unknown[]): typeof CRM {
  return { ...CRM, routes: routes as typeof CRM.routes }
}

describe('an upstream', () => {
  test('is compiled to routes: steps, parameters, keys', () => {
    const upstream = compileBundle(withUpstreams(CRM)).upstreams.get('crm')
    expect(upstream?.routes[0]).toEqual({
      ...{ kind: 'read', label: 'GET /invoices', steps: [{ literal: 'invoices' }] },
      query: new Map([['customer', 'producer_id']]),
      paging: new Set(['page']),
      answers: [
        {
          ...{ at: '/data', resource: 'invoice' },
          keys: new Map([
            ['id', 'id'],
            ['customer', 'producer_id'],
            ['total', 'amount'],
          ]),
        },
      ],
    })
    const one = upstream?.routes[1]
    expect(one?.steps).toEqual([{ literal: 'invoices' }, { field: 'id' }])
    // Without keys, they are named as the fields.
    expect(one?.kind === 'read' && one.answers[0]?.keys.get('iban')).toBe('iban')
  })

  test('changes by PATCH, PUT and POST, the record read where the bundle says', () => {
    const change = { resource: 'invoice' }
    const upstream = compileBundle(
      withUpstreams(
        withRoute(
          { method: 'PUT', path: '/invoices/{id}', change },
          { method: 'POST', path: '/invoices/{id}/dispute', change: { ...change, record: '/invoices/{id}' } },
        ),
      ),
    ).upstreams.get('crm')
    const record = [{ literal: 'invoices' }, { field: 'id' }]
    expect(upstream?.routes).toMatchObject([
      { kind: 'change', method: 'PUT', record },
      { kind: 'change', method: 'POST', steps: [...record, { literal: 'dispute' }], record },
    ])
  })

  test('a bundle without any is the version it always was', () => {
    const document = fixtureDocument()
    expect(document.upstreams).toBeUndefined()
    expect(compileBundle(document).upstreams.size).toBe(0)
  })

  test('is read from a folder of its own, and written back as it was', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'varco-upstreams-'))
    const document = withUpstreams(CRM)
    for (const [file, text] of bundleFiles(document)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
      await writeFile(path.join(folder, file), text)
    }
    const loaded = await loadBundle(folder)
    expect(loaded.ok && loaded.document).toEqual(document)
    await writeFile(path.join(folder, 'upstreams', '1-crm.yaml'), 'upstream: crm\nbase: file:///etc/passwd\n')
    const broken = await loadBundle(folder)
    expect(broken.ok ? [] : broken.problems.map(({ file }) => file)).toContain('upstreams/1-crm.yaml')
    await rm(folder, { recursive: true })
  })

  test('another address or another route shows in the difference between two bundles', () => {
    const before = compileBundle(withUpstreams(CRM))
    const changed = (upstreams: readonly unknown[]): readonly unknown[] =>
      diffBundles(before, compileBundle(withUpstreams(...upstreams))).structural.map(
        ({ about, name, widens }) => [about, name, widens],
      )
    expect(changed([CRM])).toEqual([])
    expect(changed([{ ...CRM, base: 'https://elsewhere.example' }])).toEqual([['upstream', 'crm', true]])
    expect(changed([withRoute(ONE)])).toEqual([['upstream', 'crm', true]])
  })
})

describe('is refused', () => {
  test.each([
    [
      'an unknown resource',
      withRoute({ ...ONE, answer: [{ resource: 'invoces' }] }),
      'unknown resource "invoces"',
    ],
    [
      'an unknown field of a key',
      withRoute({
        ...ONE,
        answer: [{ resource: 'invoice', keys: { id: 'id', p: 'producer_id', x: 'colour' } }],
      }),
      'unknown field "colour"',
    ],
    ['an unknown field in the path', withRoute({ ...ONE, path: '/invoices/{code}' }), 'unknown field "code"'],
    [
      'an unknown field of a parameter',
      withRoute({ ...INVOICES, query: { q: 'anything' } }),
      'unknown field "anything"',
    ],
    [
      'records without their key',
      withRoute({ ...ONE, answer: [{ resource: 'invoice', keys: { p: 'producer_id' } }] }),
      'no key holds "id", which says which record it is or whose',
    ],
    [
      'records that are nobody’s',
      withRoute({ ...ONE, answer: [{ resource: 'invoice', keys: { id: 'id' } }] }),
      'no key holds "producer_id", which says which record it is or whose',
    ],
    [
      'one field under two keys',
      withRoute({
        ...ONE,
        answer: [{ resource: 'invoice', keys: { id: 'id', p: 'producer_id', a: 'amount', b: 'amount' } }],
      }),
      'two keys hold the same field',
    ],
    [
      'two routes that are one',
      withRoute(ONE, { ...ONE, path: '/invoices/{number}' }),
      'route "GET /invoices/{}" is declared twice',
    ],
    [
      'an answer within another',
      withRoute({
        ...ONE,
        path: '/all',
        answer: [
          { at: '/data', resource: 'invoice' },
          { at: '/data/owner', resource: 'producer' },
        ],
      }),
      'one answer stands within another',
    ],
    [
      'parameters of two resources',
      withRoute({
        ...ONE,
        answer: [
          { at: '/a', resource: 'invoice' },
          { at: '/b', resource: 'producer' },
        ],
      }),
      'a route with parameters answers with one resource',
    ],
    [
      'a change that does not say of which record',
      withRoute(ONE, { method: 'POST', path: '/invoices', change: { resource: 'invoice' } }),
      'a change says in its path which record it is of',
    ],
    [
      'a record at a place that the path does not lead to',
      withRoute(ONE, {
        ...{ method: 'POST', path: '/invoices/{id}/dispute' },
        change: { resource: 'invoice', record: '/producers/{producer_id}' },
      }),
      '"producer_id" is not in the route’s path',
    ],
  ])('%s', (_, upstream, message) => {
    expect(problemsOf(upstream)).toContain(message)
  })

  test('one name twice', () => {
    expect(problemsOf(CRM, CRM)).toContain('upstream "crm" is declared twice')
  })

  test.each([
    ['a base of another kind', { ...CRM, base: 'file:///etc/passwd' }],
    ['a base with credentials', { ...CRM, base: 'https://user:pass@crm.example' }],
    ['a base with a query', { ...CRM, base: 'https://crm.example/?x=1' }],
    ['a path that climbs', withRoute({ ...ONE, path: '/invoices/../admin' })],
    ['a path that is an address', withRoute({ ...ONE, path: '//evil.example' })],
    ['a path that is encoded', withRoute({ ...ONE, path: '/%2e%2e' })],
    ['another method', withRoute({ ...ONE, method: 'DELETE' })],
    ['a pointer that is none', withRoute({ ...ONE, answer: [{ at: 'data', resource: 'invoice' }] })],
    ['public without a reason', withRoute({ method: 'GET', path: '/status', public: ['application/json'] })],
    [
      'public of somebody',
      withRoute({
        method: 'GET',
        path: '/x/{id}',
        public: ['application/json'],
        because: 'Nessun dato personale',
      }),
    ],
  ])('%s', (_, upstream) => {
    expect(() => withUpstreams(upstream)).toThrow(/upstreams/)
  })
})
