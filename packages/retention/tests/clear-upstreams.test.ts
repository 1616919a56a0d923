import { ManualClock } from '@varco/core/testing'
import { compileBundle, hangingOn } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { dueRules, type LockedRecord, type OpenErrand, type UpstreamRecords } from '@varco/retention'
import { memoryOutbox } from '@varco/retention/testing'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { putOff } from '../src/upstream/back-off.ts'
import { clearUpstreams } from '../src/upstream/clear-upstreams.ts'

const SECOND = 1_000_000n
const words = (text: string) => ({ it: text, en: text })

/** Papers hang on invoices. */
function bundleWithPapers() {
  const document = fixtureDocument()
  const [like] = document.catalogue
  const field = like?.fields['id']
  if (like === undefined || field === undefined) throw new Error('the fixture has no catalogue')
  const paper = {
    ...{ ...like, resource: 'paper', title: words('Carta'), key: 'no', data_subject: undefined },
    source: { upstream: 'papers', delete: { method: 'DELETE' as const, path: '/papers/{key}' } },
    fields: { no: { ...field, type: 'text' as const }, invoice: { ...field, type: 'integer' as const } },
    relations: { invoice: { resource: 'invoice', field: 'invoice', to: 'id', many: false } },
  }
  const route = {
    ...{ method: 'GET' as const, path: '/papers', query: { invoice: 'invoice' }, paging: [] },
    answer: [{ at: '', resource: 'paper' }],
  }
  const upstream = { upstream: 'papers', title: words('Carte'), base: 'https://papers.example' }
  return compileBundle({
    ...document,
    catalogue: [...document.catalogue, paper],
    upstreams: [{ ...upstream, routes: [route], max_bytes: 1_000, timeout_seconds: 1 }],
  })
}

test('an upstream that lists ever new records of one keeps neither the others nor the run', async () => {
  const bundle = bundleWithPapers()
  const rule = dueRules(bundle, Temporal.PlainDate.from('2026-11-25')).find(
    ({ resource }) => resource.name === 'invoice',
  )
  if (rule === undefined) throw new Error('the fixture has no rule for invoices')
  const clock = new ManualClock(0n)
  const left = new Map(['1', '2', '3', '4', '5', '6'].map((key) => [key, key < '5' ? Infinity : 2]))
  let made = 0
  const upstreams: UpstreamRecords = {
    find: async (_, value) => {
      clock.advance(SECOND)
      const count = left.get(value) ?? 0
      return { ok: true, records: count > 0 ? [{ no: `${value}-${++made}`, invoice: value }] : [] }
    },
    remove: async (_, key) => {
      const [value = ''] = key.split('-')
      left.set(value, (left.get(value) ?? 0) - 1)
      return { ok: true, was: 'there' }
    },
  }
  const ready = async <T>(
    { keys }: { readonly keys: readonly string[] },
    work: (records: readonly LockedRecord[], confirm: () => Promise<void>) => Promise<T>,
  ): Promise<T> =>
    work(
      keys.map((key) => ({ key, dataSubject: null })),
      async () => {},
    )
  const cleared = await clearUpstreams(
    {
      ...{ clock, upstreams, outbox: memoryOutbox(), hashKey: (_, key) => key },
      ...{ bundle: () => bundle, shownUnder: async () => new Set(), contractEnds: async () => new Map() },
      toldInLog: async () => new Map(),
      store: { whileHoldsStand: (work) => work([], async () => {}), lastTold: async () => new Map() },
      records: { whileReady: ready, textsIn: async () => new Map() },
    },
    {
      ...{ plan: 'p1', rule, keys: [...left.keys()], approvers: [], references: [], stop: () => false },
      isOver: async () => false,
      hanging: hangingOn(bundle, rule.resource),
    },
  )
  expect([...cleared.clear]).toEqual(['5', '6'])
  expect([cleared.held.size, cleared.abandoned.size]).toEqual([0, 0])
})

test('an upstream is asked again later and later, an hour apart at most, and not for ever', () => {
  const errand: OpenErrand = {
    ...{ plan: 'p1', rule: 'invoices', resource: 'paper', by: 'invoice', parent: '1', begun: [] },
    ...{ since: 0n, attempts: 0, outcome: null, notBefore: 0n, abandoned: false },
  }
  const waitsOf = (refused: boolean): readonly bigint[] => {
    const waits: bigint[] = []
    let open = errand
    while (!open.abandoned) {
      open = putOff(open, { ok: false, refused, outcome: 'status-503' }, 0n)
      waits.push(open.notBefore / SECOND)
    }
    expect(open).toMatchObject({ attempts: waits.length, outcome: 'status-503' })
    return waits
  }
  expect(waitsOf(true)).toEqual([1n, 2n, 4n, 8n, 16n, 32n])
  const waits = waitsOf(false)
  expect(waits.slice(0, 13)).toEqual([1n, 2n, 4n, 8n, 16n, 32n, 64n, 128n, 256n, 512n, 1024n, 2048n, 3600n])
  expect(new Set(waits.slice(12))).toEqual(new Set([3600n]))
  const whole = waits.reduce((sum, wait) => sum + wait, 0n)
  expect(whole > 24n * 3600n && whole < 36n * 3600n).toBe(true)
})
