import type { Clock, PolicyVersion } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { describe, expect, test, vi } from 'vitest'
import type { BundleDocument } from '../bundle/schema.ts'
import type { PolicyStore } from '../versions/policy-store.ts'
import { fixtureDocument } from './fixture-document.ts'

const START = 1_700_000_000_000_001n

/** What every `PolicyStore` must do. `open` gives an empty store on the given clock. */
export function policyStoreContract(name: string, open: (clock: Clock) => Promise<PolicyStore>): void {
  const setUp = async (): Promise<{ store: PolicyStore; clock: ManualClock }> => {
    const clock = new ManualClock(START)
    return { store: await open(clock), clock }
  }

  describe(`${name} as a policy store`, () => {
    test('has nothing in force before the first activation', async () => {
      const { store } = await setUp()
      expect(await store.active()).toBeNull()
      expect(await store.lastActivation()).toBeNull()
      expect(await store.history()).toEqual([])
      expect(await store.list()).toEqual([])
      expect(await store.find(version('f'))).toBeNull()
    })

    test('gives back what was put, under its content hash', async () => {
      const { store } = await setUp()
      const put = await store.put(fixtureDocument(), 'anna')
      expect(put).toMatch(/^[0-9a-f]{64}$/)
      expect(await store.find(put)).toEqual({
        version: put,
        document: fixtureDocument(),
        putBy: 'anna',
        putAt: START,
      })
      expect(await store.active()).toBeNull()
    })

    test('keeps the first author when the same content is put again', async () => {
      const { store, clock } = await setUp()
      const first = await store.put(fixtureDocument(), 'anna')
      clock.advance(5n)
      expect(await store.put(fixtureDocument(), 'bruno')).toBe(first)
      expect(await store.list()).toEqual([{ version: first, putBy: 'anna', putAt: START }])
    })

    test('puts in force what a second person activates, and remembers what was before', async () => {
      const { store, clock } = await setUp()
      const one = await store.put(fixtureDocument(), 'anna')
      const two = await store.put(withName('Ente secondo'), 'anna')
      clock.advance(7n)
      expect(await store.activate(one, 'bruno')).toEqual({
        number: 1,
        version: one,
        activatedBy: 'bruno',
        activatedAt: START + 7n,
        previous: null,
      })
      await store.activate(two, 'bruno')
      expect(await store.active()).toMatchObject({
        number: 2,
        version: two,
        previous: one,
        document: withName('Ente secondo'),
      })
      await store.activate(one, 'carla')
      expect(await store.lastActivation()).toEqual((await store.history())[0])
      expect((await store.history()).map((each) => [each.number, each.version, each.activatedBy])).toEqual([
        [3, one, 'carla'],
        [2, two, 'bruno'],
        [1, one, 'bruno'],
      ])
    })

    test('lets nobody activate what they pushed themselves, nor what nobody pushed, nor the same twice', async () => {
      const { store } = await setUp()
      const put = await store.put(fixtureDocument(), 'anna')
      await expect(store.activate(put, 'anna')).rejects.toMatchObject({
        code: 'policy-activation',
        reason: 'same-person',
      })
      for (const name of ['Anna', ' anna', 'an\u200bna'])
        await expect(store.activate(put, name)).rejects.toMatchObject({ reason: 'same-person' })
      await expect(store.activate(version('0'), 'bruno')).rejects.toMatchObject({ reason: 'unknown-version' })
      expect(await store.active()).toBeNull()
      await store.activate(put, 'bruno')
      await expect(store.activate(put, 'carla')).rejects.toMatchObject({ reason: 'already-active' })
      expect(await store.history()).toHaveLength(1)
    })

    test('numbers activations that come at the same time without a gap', async () => {
      const { store } = await setUp()
      const versions = await Promise.all(
        ['uno', 'due', 'tre', 'quattro'].map((each) => store.put(withName(each), 'anna')),
      )
      await Promise.all(versions.map((each) => store.activate(each, 'bruno')))
      const history = await store.history()
      expect(history.map(({ number }) => number)).toEqual([4, 3, 2, 1])
      expect(history.map(({ previous }) => previous)).toEqual([
        ...history.slice(1).map((each) => each.version),
        null,
      ])
    })

    test('wakes whoever watches, until they stop', async () => {
      const { store } = await setUp()
      const wake = vi.fn<() => void>()
      const watch = await store.watch(wake)
      await store.activate(await store.put(withName('uno'), 'anna'), 'bruno')
      await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(1), { timeout: 2_000 })
      await watch[Symbol.asyncDispose]()
      await store.activate(await store.put(withName('due'), 'anna'), 'bruno')
      expect(wake).toHaveBeenCalledTimes(1)
    })
  })
}

function version(digit: string): PolicyVersion {
  return digit.repeat(64) as PolicyVersion
}

function withName(name: string): BundleDocument {
  const document = fixtureDocument()
  return { ...document, varco: { ...document.varco, controller: { ...document.varco.controller, name } } }
}
