import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  bundleDocumentSchema,
  bundleFiles,
  BundleError,
  compileBundle,
  diffBundles,
  hangingOn,
  loadBundle,
  type BundleDocument,
} from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'

const words = (text: string) => ({ it: text, en: text })
const field = { type: 'text', category: 'economic', title: words('Campo') }

const LISTING = {
  ...{ method: 'GET', path: '/attachments', query: { invoice: 'invoice_id' } },
  answer: [{ resource: 'attachment' }],
}
const DOCUMENTS = {
  ...{ upstream: 'documents', title: words('Documenti'), base: 'https://documents.example/api' },
  routes: [LISTING],
}
const DELETE = { method: 'DELETE', path: '/attachments/{key}' }
const ATTACHMENT = {
  ...{ resource: 'attachment', title: words('Allegato'), key: 'id' },
  source: { upstream: 'documents', delete: DELETE },
  data_subject: { kind: 'producer', field: 'producer_id' },
  fields: { id: field, invoice_id: { ...field, type: 'integer' }, producer_id: field },
  relations: { invoice: { resource: 'invoice', field: 'invoice_id', to: 'id' } },
}
const RULE = {
  ...{ id: 'invoices', resource: 'invoice', trigger: { field: 'issued_on' }, after: 'P10Y', action: 'erase' },
  ...{ title: words('Fatture'), because: 'Codice civile, art. 2220' },
}

interface Changes {
  readonly attachment?: object
  readonly upstream?: object
  readonly rule?: object
  readonly change?: (document: BundleDocument) => object
}

function document({ attachment = {}, upstream = {}, rule = {}, change = () => ({}) }: Changes = {}) {
  const base = fixtureDocument()
  return bundleDocumentSchema.parse({
    ...base,
    catalogue: [...base.catalogue, { ...ATTACHMENT, ...attachment }],
    retention: [{ ...RULE, ...rule }],
    upstreams: [{ ...DOCUMENTS, ...upstream }],
    ...change(base),
  })
}

function problemsOf(changes: Changes): readonly string[] {
  try {
    compileBundle(document(changes))
    return []
  } catch (error) {
    if (!(error instanceof BundleError)) throw error
    return error.problems.map(({ message }) => message)
  }
}

function hangingOnInvoice(changes: Changes = {}) {
  const bundle = compileBundle(document(changes))
  const invoice = bundle.resources.get('invoice' as never)
  if (invoice === undefined) throw new Error('the fixture has no invoices')
  return hangingOn(bundle, invoice)
}

describe('records that an upstream alone has', () => {
  test('hang on those of the database: where they are listed, and how they go', () => {
    expect(hangingOnInvoice()).toMatchObject([
      {
        ...{ resource: { name: 'attachment', relation: null }, upstream: { name: 'documents' } },
        field: 'invoice_id',
        listing: { route: { label: 'GET /attachments' }, parameter: 'invoice' },
        removal: { method: 'DELETE', steps: [{ literal: 'attachments' }, { field: 'id' }] },
      },
    ])
  })

  test('may be listed by an address of the other record’s own', () => {
    const routes = [
      // By more than the field, or with others’ records among them: no list of what hangs there.
      { ...LISTING, path: '/invoices/{invoice_id}/of/{producer_id}', query: {} },
      {
        ...{ method: 'GET', path: '/all', query: {} },
        answer: [
          { at: '/a', resource: 'attachment' },
          { at: '/b', resource: 'invoice' },
        ],
      },
      { ...LISTING, path: '/invoices/{invoice_id}/attachments', query: {} },
    ]
    expect(hangingOnInvoice({ upstream: { routes } })).toMatchObject([
      { listing: { route: { label: 'GET /invoices/{invoice_id}/attachments' }, parameter: null } },
    ])
  })

  test('need no list where the other’s value is their key', () => {
    const attachment = { relations: { invoice: { resource: 'invoice', field: 'id', to: 'id' } } }
    const routes = [{ method: 'GET', path: '/attachments/{id}', answer: [{ resource: 'attachment' }] }]
    expect(hangingOnInvoice({ attachment, upstream: { routes } })).toMatchObject([
      { field: 'id', listing: null },
    ])
  })

  test('hang on the record of their data subject where no relation says otherwise', () => {
    const attachment = { relations: {} }
    const routes = [{ ...LISTING, query: { who: 'producer_id' } }]
    const bundle = compileBundle(document({ attachment, upstream: { routes } }))
    const producer = bundle.resources.get('producer' as never)
    expect(producer === undefined ? [] : hangingOn(bundle, producer)).toMatchObject([
      { field: 'producer_id', listing: { parameter: 'who' } },
    ])
  })

  test('a change of how they go shows between two bundles', () => {
    const before = compileBundle(document())
    const changed = (attachment: object): readonly string[] =>
      diffBundles(before, compileBundle(document({ attachment }))).structural.map(
        ({ about, name, to }) => `${about} ${name}: ${to}`,
      )
    expect(changed({})).toEqual([])
    const source = (removal: object | undefined) => ({ upstream: 'documents', delete: removal })
    expect(changed({ source: source({ method: 'POST', path: '/gone/{key}' }) })).toEqual([
      expect.stringContaining('source attachment: upstream documents, taken away by POST /gone/{key}'),
    ])
    expect(changed({ source: { relation: 'gse.attachment' } })).toEqual([
      expect.stringContaining('source attachment: gse.attachment by id'),
    ])
  })
})

describe('is refused', () => {
  test.each<[string, Changes, string]>([
    [
      'an unknown upstream',
      { attachment: { source: { upstream: 'document', delete: DELETE } } },
      'unknown upstream "document"',
    ],
    [
      'a way to go without anything they hang on',
      { attachment: { relations: {}, data_subject: undefined } },
      'nothing says with which records of the database they go',
    ],
    [
      'a field by which no route lists them',
      { upstream: { routes: [{ ...LISTING, query: { who: 'producer_id' } }] } },
      'no route of the upstream tells which records have a value in "invoice_id"',
    ],
    [
      'a listing whose records do not say what they hang on',
      {
        upstream: {
          routes: [
            { ...LISTING, answer: [{ resource: 'attachment', keys: { id: 'id', p: 'producer_id' } }] },
          ],
        },
      },
      'no route of the upstream tells which records have a value in "invoice_id"',
    ],
    [
      'a relation to what several records may have',
      { attachment: { relations: { invoice: { resource: 'invoice', field: 'invoice_id', to: 'number' } } } },
      'several records of "invoice" may have one value in "number": nothing says with which of them they go',
    ],
    [
      'a rule that would leave them behind',
      { attachment: { source: { upstream: 'documents' } } },
      'records of "attachment" would stay behind the upstream "documents"',
    ],
    [
      'a rule that would leave them behind on request',
      {
        attachment: { source: { upstream: 'documents' } },
        rule: { action: 'restrict', on_request: 'erase' },
      },
      'records of "attachment" would stay behind the upstream "documents"',
    ],
    [
      'a rule that archives what they hang on',
      { rule: { action: 'archive' } },
      'records of "attachment" behind the upstream "documents" would go unarchived',
    ],
    [
      'a rule of their own',
      { rule: { resource: 'attachment', trigger: { field: 'id' } } },
      'records behind an upstream go with the records they hang on',
    ],
    [
      'a relation that leads to them',
      {
        change: ({ catalogue }) => ({
          catalogue: [
            ...catalogue.map((file) =>
              file.resource === 'invoice'
                ? {
                    ...file,
                    relations: {
                      papers: { resource: 'attachment', field: 'id', to: 'invoice_id', many: true },
                    },
                  }
                : file,
            ),
            ATTACHMENT,
          ],
        }),
      },
      'the records of "attachment" are behind an upstream',
    ],
    [
      'a relation to many from them',
      {
        attachment: {
          relations: {
            ...ATTACHMENT.relations,
            invoices: { resource: 'invoice', field: 'invoice_id', to: 'id', many: true },
          },
        },
      },
      'nothing in the database hangs on records behind an upstream',
    ],
    [
      'a data subject who is looked for there',
      {
        change: ({ varco }) => ({
          varco: {
            ...varco,
            data_subjects: {
              ...varco.data_subjects,
              lead: { title: words('Contatto'), resource: 'attachment', find_by: ['id'], name: ['id'] },
            },
          },
        }),
      },
      'the records of "attachment" are behind an upstream: nobody is found there',
    ],
  ])('%s', (_, changes, message) => {
    expect(problemsOf(changes)).toContain(message)
  })

  test.each<[string, object]>([
    ['another method', { method: 'PUT', path: '/attachments/{key}' }],
    ['a path that does not say which', { method: 'DELETE', path: '/attachments' }],
    ['a path that says another field', { method: 'DELETE', path: '/attachments/{id}' }],
    ['a path that says it twice', { method: 'DELETE', path: '/attachments/{key}/{key}' }],
    ['a path that climbs', { method: 'DELETE', path: '/attachments/../{key}' }],
    ['a path with a query', { method: 'DELETE', path: '/attachments/{key}?hard=1' }],
    ['a path that is an address', { method: 'DELETE', path: 'https://evil.example/{key}' }],
    ['anything besides', { method: 'DELETE', path: '/attachments/{key}', body: '{}' }],
  ])('%s', (_, removal) => {
    const attachment = { source: { upstream: 'documents', delete: removal } }
    expect(() => document({ attachment })).toThrow(/source/)
  })
})

test('is read from the catalogue’s file, and what is wrong is told where it stands', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'varco-upstream-records-'))
  const whole = document()
  for (const [file, text] of bundleFiles(whole)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    await writeFile(path.join(folder, file), text)
  }
  const loaded = await loadBundle(folder)
  expect(loaded.ok && loaded.document).toEqual(whole)
  const files = [...bundleFiles(whole)]
  const [name = '', text = ''] = files.find(([file]) => file.endsWith('attachment.yaml')) ?? []
  const saidOf = async (from: string, to: string): Promise<string | undefined> => {
    expect(text).toContain(from)
    await writeFile(path.join(folder, name), text.replace(from, to))
    const broken = await loadBundle(folder)
    const [problem] = broken.ok ? [] : broken.problems
    const line = text.slice(0, text.indexOf(from)).split('\n').length
    expect(problem?.file).toBe(name)
    expect(problem?.line).toBe(line)
    return problem?.message
  }
  expect(await saidOf('method: DELETE', 'method: GET')).toContain('"GET" is not known here')
  expect(await saidOf('path: /attachments/{key}', 'path: /attachments/all')).toContain('must hold {key} once')
  expect(await saidOf('upstream: documents', 'upstream: paper')).toContain('unknown upstream "paper"')
  await rm(folder, { recursive: true })
})
