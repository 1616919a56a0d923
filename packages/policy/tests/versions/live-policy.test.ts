import { silentDiagnostics, type PolicyVersion } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { followPolicy, type BundleDocument, type PolicyStore } from '@varco/policy'
import { fixtureDocument, memoryPolicyStore } from '@varco/policy/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function renamed(name: string): BundleDocument {
  const document = fixtureDocument()
  return { ...document, varco: { ...document.varco, controller: { ...document.varco.controller, name } } }
}

async function setUp(change: (store: PolicyStore) => Partial<PolicyStore> = () => ({})) {
  const clock = new ManualClock(1_000_000n)
  const store = memoryPolicyStore({ clock })
  const activate = async (document: BundleDocument): Promise<PolicyVersion> => {
    const version = await store.put(document, 'anna')
    await store.activate(version, 'bruno')
    return version
  }
  const follow = () =>
    followPolicy({
      store: { ...store, ...change(store) },
      clock,
      diagnostics: silentDiagnostics,
      pollMs: 1_000,
      staleAfterMs: 10_000,
    })
  return { clock, store, activate, follow }
}

test('serves the bundle in force and switches as soon as another is', async () => {
  const { activate, follow } = await setUp()
  const first = await activate(renamed('uno'))
  await using policy = await follow()
  expect(policy.current().version).toBe(first)
  const second = await activate(renamed('due'))
  await vi.advanceTimersByTimeAsync(0)
  expect(policy.current().version).toBe(second)
})

test('switches within one poll when the wake-up call is lost', async () => {
  const { activate, follow } = await setUp(() => ({
    watch: async () => ({ [Symbol.asyncDispose]: async () => {} }),
  }))
  await activate(renamed('uno'))
  await using policy = await follow()
  const second = await activate(renamed('due'))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(policy.current().version).toBe(second)
})

test('has nothing to serve before the first activation', async () => {
  const { activate, follow } = await setUp()
  await using policy = await follow()
  expect(() => policy.current()).toThrow(expect.objectContaining({ code: 'unavailable' }))
  const first = await activate(renamed('uno'))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(policy.current().version).toBe(first)
})

test('denies once the store has been silent for too long, and recovers by itself', async () => {
  let down = false
  const { activate, follow, clock } = await setUp((store) => ({
    lastActivation: () => (down ? Promise.reject(new Error('connection refused')) : store.lastActivation()),
  }))
  const version = await activate(renamed('uno'))
  await using policy = await follow()
  down = true
  clock.advance(9_000_000n)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(policy.current().version).toBe(version)
  clock.advance(2_000_000n)
  expect(() => policy.current()).toThrow(expect.objectContaining({ code: 'unavailable' }))
  down = false
  await vi.advanceTimersByTimeAsync(1_000)
  expect(policy.current().version).toBe(version)
})

test('never serves a bundle that does not compile: the one before stays', async () => {
  const { activate, follow } = await setUp()
  const version = await activate(renamed('uno'))
  await using policy = await follow()
  const broken = renamed('due')
  await activate({ ...broken, purposes: {} })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(policy.current().version).toBe(version)
})
