// Refusals that tell of records although they show none: each counts and is recorded as if it had shown them.
import type { EventDraft } from '@varco/access-log'
import { memoryBudgets } from '@varco/engagement/testing'
import { compileBundle, type Bundle, type FetchedRecord } from '@varco/policy'
import { fixtureDocument, memoryRecordSource } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { gatehouse, INVOICES, type Gatehouse, type GatehouseOptions } from './gatehouse.ts'

const PRODUCER: FetchedRecord = {
  ...{ id: 'P1', name: 'Anna Rossi', tax_code: 'RSSMRA80A01H501U', birth_date: '1980-01-01' },
  ...{ email: 'a@b.example', iban: null, region: 'Lazio' },
}

/** Producers lead to their invoices, and the records here are all canaries. */
function watchedBundle(): Bundle {
  const document = fixtureDocument()
  const invoices = { resource: 'invoice', field: 'id', to: 'producer_id', many: true }
  const catalogue = document.catalogue.map((file) =>
    file.resource === 'producer'
      ? { ...file, canaries: ['P1'], relations: { invoices } }
      : { ...file, canaries: ['1'] },
  )
  return compileBundle({ ...document, catalogue })
}

interface Watched extends Gatehouse {
  /** Resources whose canaries were touched. */
  readonly touched: string[]
}

async function watched(options: GatehouseOptions = {}): Promise<Watched> {
  const touched: string[] = []
  const gate = await gatehouse({
    bundleInForce: watchedBundle(),
    source: memoryRecordSource({ invoice: INVOICES, producer: [PRODUCER] }),
    canaryWatch: { touched: ({ resource }) => touched.push(resource) },
    ...options,
  })
  return { ...gate, touched }
}

const SINGLE = { accept: 'application/vnd.pgrst.object+json' }

/** What the log says of each level of one refusal. */
function levelsOf(drafts: readonly EventDraft[]): unknown {
  return drafts.map(({ decision, resource, reasons, filters, disclosures, plain, masked }) => ({
    ...{ decision, resource, reasons, shown: [...plain, ...masked] },
    filters: filters.map(({ field }) => field),
    records: disclosures.map(({ recordKey }) => recordKey),
  }))
}

async function codeOf(response: Response): Promise<unknown> {
  const body = (await response.json()) as { readonly code?: string }
  return body.code ?? body
}

describe('more records within than the budget has left', () => {
  /** One invoice may still be shown. */
  async function almostSpent(gate: Gatehouse): Promise<void> {
    for (let count = 0; count < 59; count++) await gate.get('/records/invoice?id=eq.2')
    gate.log.drafts.length = 0
  }
  const guess = (letter: string): string => `/records/producer?name=gte.${letter}&select=id,invoices()`

  test.each<[string, () => GatehouseOptions]>([
    ['one node', () => ({})],
    ['several', () => ({ budgets: memoryBudgets() })],
  ])('are told once, and take what is left: %s', async (_, options) => {
    const gate = await watched(options())
    await almostSpent(gate)
    expect(await codeOf(await gate.get(guess('Z')))).toEqual([])
    gate.log.drafts.length = 0
    expect(await codeOf(await gate.get(guess('A')))).toBe('budget-spent')
    expect(levelsOf(gate.log.drafts)).toEqual([
      {
        ...{ decision: 'deny', resource: 'producer', reasons: ['budget-spent', 'canary-touched'], shown: [] },
        ...{ filters: ['name'], records: ['P1'] },
      },
      {
        ...{ decision: 'deny', resource: 'invoice', reasons: ['budget-spent', 'canary-touched'], shown: [] },
        ...{ filters: [], records: ['1', '2'] },
      },
    ])
    expect(gate.touched).toEqual(['producer', 'invoice'])
    // From here on the answer is the same whatever one guesses.
    gate.log.drafts.length = 0
    expect(await codeOf(await gate.get(guess('A')))).toBe('budget-spent')
    expect(await codeOf(await gate.get(guess('Z')))).toBe('budget-spent')
    expect(gate.log.drafts.flatMap(({ disclosures }) => disclosures)).toEqual([])
    expect((await gate.get('/records/invoice?id=eq.2')).status).toBe(429)
  })

  test('or than fit into one answer: all that was found counts', async () => {
    const gate = await watched({ limits: { records: 1 } })
    const asked = async (): Promise<unknown> => codeOf(await gate.get(guess('A')))
    for (let count = 0; count < 30; count++) expect(await asked()).toBe('too-many-records')
    expect(await asked()).toBe('budget-spent')
  })
})

describe('one record was asked for', () => {
  const embedding = (name: string): string =>
    `/records/invoice?status=in.(issued,paid)&select=id,producer!inner(id)&producer.name=eq.${name}`

  test('and there are more: each level is recorded with its own filters, canaries are raised', async () => {
    const gate = await watched()
    const response = await gate.get(embedding('Anna%20Rossi'), SINGLE)
    expect([response.status, await codeOf(response)]).toEqual([406, 'PGRST116'])
    expect(levelsOf(gate.log.drafts)).toEqual([
      {
        ...{ decision: 'deny', resource: 'invoice', reasons: ['PGRST116', 'canary-touched'], shown: [] },
        ...{ filters: ['status'], records: ['1', '2'] },
      },
      {
        ...{ decision: 'deny', resource: 'producer', reasons: ['PGRST116', 'canary-touched'], shown: [] },
        ...{ filters: ['name'], records: ['P1'] },
      },
    ])
    expect(response.headers.get('varco-event')).toBe('proxy-1.1.1')
    expect(gate.touched).toEqual(['invoice', 'producer'])
  })

  test('and there is none: what was looked for within is recorded all the same', async () => {
    const gate = await watched()
    expect((await gate.get(embedding('Zoe'), SINGLE)).status).toBe(406)
    expect(levelsOf(gate.log.drafts)).toMatchObject([
      { decision: 'deny', resource: 'invoice', filters: ['status'], records: [] },
      { decision: 'deny', resource: 'producer', filters: ['name'], records: [] },
    ])
    expect(gate.touched).toEqual([])
  })

  test('spends the budget: after sixty records it is spent', async () => {
    const gate = await watched()
    const statuses: number[] = []
    for (let count = 0; count < 31; count++)
      statuses.push((await gate.get('/records/invoice?status=in.(issued,paid)', SINGLE)).status)
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 406), 429])
  })
})

test('while it cannot be recorded, nothing is told', async () => {
  const gate = await watched()
  gate.log.failing = true
  for (const path of ['/records/invoice', '/records/invoice?id=eq.77'])
    expect((await gate.get(path, SINGLE)).status).toBe(503)
})
