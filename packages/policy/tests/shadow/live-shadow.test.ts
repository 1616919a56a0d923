import { silentDiagnostics, type PolicyVersion } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import {
  caseRequest,
  compileBundle,
  followShadow,
  type BundleDocument,
  type CaseDocument,
  type ShadowStore,
} from '@varco/policy'
import { fixtureBundle, fixtureDocument, memoryPolicyStore, memoryShadowStore } from '@varco/policy/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const active = fixtureBundle()
const request = caseRequest(active, active.document.cases[0] as CaseDocument)
const question = { request, records: [] }

function without(rule: string): BundleDocument {
  const document = fixtureDocument()
  return { ...document, access: document.access.filter(({ id }) => id !== rule) }
}

async function setUp(change: (store: ShadowStore) => Partial<ShadowStore> = () => ({})) {
  const clock = new ManualClock(1_000_000n)
  const policies = memoryPolicyStore({ clock })
  const store = memoryShadowStore({ clock, policies })
  const candidate = await policies.put(without('cc-invoice-enquiry'), 'anna')
  const follow = () =>
    followShadow({
      store: { ...store, ...change(store) },
      ...{ policies, clock, diagnostics: silentDiagnostics, pollMs: 1_000 },
    })
  return { store, candidate, follow }
}

test('asks nothing until a candidate is set, on all nodes soon after, and nothing once it is ended', async () => {
  const { store, candidate, follow } = await setUp()
  await using one = await follow()
  await using two = await follow()
  one.observe(active, [question])
  expect([one.isOn, two.isOn]).toEqual([false, false])
  await store.start(candidate, 'anna')
  await vi.advanceTimersByTimeAsync(0)
  expect([one.isOn, two.isOn]).toEqual([true, true])
  one.observe(active, [question])
  two.observe(active, [question, question])
  await vi.advanceTimersByTimeAsync(1_100)
  await store.start(null, 'anna')
  await vi.advanceTimersByTimeAsync(0)
  one.observe(active, [question])
  await vi.advanceTimersByTimeAsync(2_000)
  expect([one.isOn, two.isOn]).toEqual([false, false])
  expect(await store.tallies(1)).toMatchObject([
    {
      ...{ active: active.version, candidate, asked: 3, differing: 3, left: 0, failed: 0 },
      differences: [{ resource: 'invoice', candidate: 'deny: no-rule', count: 3 }],
    },
  ])
})

test('follows within one poll when the wake-up call is lost', async () => {
  const { store, candidate, follow } = await setUp(() => ({
    watch: async () => ({ [Symbol.asyncDispose]: async () => {} }),
  }))
  await using shadow = await follow()
  await store.start(candidate, 'anna')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(shadow.isOn).toBe(true)
})

test('takes no more than it has room for, works in short turns, and counts what it left', async () => {
  const { store, candidate, follow } = await setUp()
  await store.start(candidate, 'anna')
  await using shadow = await follow()
  for (let each = 0; each < 1_500; each++) shadow.observe(active, [question])
  await vi.advanceTimersByTimeAsync(1_000)
  const [first] = await store.tallies(1)
  expect(first?.left).toBe(500)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await store.tallies(1)).toMatchObject([{ asked: 1_000, left: 500 }])
})

test('a comparison that throws is counted, and whoever asked is never told', async () => {
  const { store, candidate, follow } = await setUp()
  await store.start(candidate, 'anna')
  await using shadow = await follow()
  const hostile = {
    ...request,
    get principal(): never {
      throw new Error('no principal')
    },
  }
  expect(() => {
    shadow.observe(active, [{ request: hostile, records: [] }, question])
  }).not.toThrow()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await store.tallies(1)).toMatchObject([{ failed: 1, differing: 1 }])
})

test('a store that is away costs the counts of that time and nothing else', async () => {
  let isAway = false
  const { store, candidate, follow } = await setUp((real) => ({
    add: async (run, tally) => {
      if (isAway) throw new Error('away')
      await real.add(run, tally)
    },
  }))
  await store.start(candidate, 'anna')
  await using shadow = await follow()
  isAway = true
  shadow.observe(active, [question])
  await vi.advanceTimersByTimeAsync(2_000)
  isAway = false
  shadow.observe(active, [question])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(shadow.isOn).toBe(true)
  expect(await store.tallies(1)).toMatchObject([{ asked: 1 }])
})

test('a candidate whose record in the store cannot be read is not asked, and the node goes on', async () => {
  const { store, candidate, follow } = await setUp((real) => ({
    lastRun: async () => {
      const run = await real.lastRun()
      return run === null ? null : { ...run, candidate: 'f'.repeat(64) as PolicyVersion }
    },
  }))
  await store.start(candidate, 'anna')
  await using shadow = await follow()
  expect(shadow.isOn).toBe(false)
})

test('keeps counts beside each bundle in force apart, and hands over the last ones when it ends', async () => {
  const { store, candidate, follow } = await setUp()
  await store.start(candidate, 'anna')
  const other = compileBundle(without('cc-antimafia-status'))
  const shadow = await follow()
  shadow.observe(active, [question])
  shadow.observe(other, [question])
  await vi.advanceTimersByTimeAsync(20)
  await shadow[Symbol.asyncDispose]()
  const tallies = await store.tallies(1)
  expect(tallies.map((each) => [each.active, each.asked])).toEqual([
    [active.version, 1],
    [other.version, 1],
  ])
})
