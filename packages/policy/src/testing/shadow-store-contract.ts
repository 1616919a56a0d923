import type { Clock, PolicyVersion } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { describe, expect, test, vi } from 'vitest'
import type { ShadowStore, ShadowTally } from '../shadow/shadow-store.ts'
import type { PolicyStore } from '../versions/policy-store.ts'
import { fixtureDocument } from './fixture-document.ts'

const START = 1_700_000_000_000_001n

/** What every `ShadowStore` must do. `open` gives an empty one on the given clock, beside its policy store. */
export function shadowStoreContract(
  name: string,
  open: (clock: Clock) => Promise<{ readonly store: ShadowStore; readonly policies: PolicyStore }>,
): void {
  const setUp = async (): Promise<{ store: ShadowStore; version: PolicyVersion; clock: ManualClock }> => {
    const clock = new ManualClock(START)
    const { store, policies } = await open(clock)
    return { store, clock, version: await policies.put(fixtureDocument(), 'anna') }
  }

  describe(`${name} as a shadow store`, () => {
    test('asks nothing before somebody starts a candidate', async () => {
      const { store } = await setUp()
      expect(await store.lastRun()).toBeNull()
      expect(await store.tallies(1)).toEqual([])
    })

    test('starts a candidate and ends it, each a run with its own number', async () => {
      const { store, version, clock } = await setUp()
      const first = { number: 1, candidate: version, setBy: 'anna', setAt: START }
      expect(await store.start(version, 'anna')).toEqual(first)
      expect(await store.lastRun()).toEqual(first)
      clock.advance(5n)
      await store.start(null, 'bruno')
      expect(await store.lastRun()).toEqual({ number: 2, candidate: null, setBy: 'bruno', setAt: START + 5n })
      expect(await store.lastWithCandidate()).toEqual(first)
    })

    test('refuses a candidate that nobody pushed, and what ran goes on', async () => {
      const { store, version } = await setUp()
      await store.start(version, 'anna')
      const unknown = '0'.repeat(64) as PolicyVersion
      await expect(store.start(unknown, 'anna')).rejects.toMatchObject({ code: 'unknown-candidate' })
      expect(await store.lastRun()).toMatchObject({ number: 1, candidate: version })
    })

    test('numbers runs that start at the same time without a gap', async () => {
      const { store, version } = await setUp()
      const runs = await Promise.all(['a', 'b', 'c', 'd'].map((by) => store.start(version, by)))
      expect(runs.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
    })

    test('adds up what nodes count at the same time, kind by kind, and keeps runs and bundles in force apart', async () => {
      const { store, version } = await setUp()
      const { number } = await store.start(version, 'anna')
      const other = '1'.repeat(64) as PolicyVersion
      await Promise.all(
        Array.from({ length: 10 }, (_, node) =>
          store.add(number, tally(version, version, node % 2 === 0 ? ['one', 'two'] : ['two', 'one'])),
        ),
      )
      await store.add(number, tally(version, other, ['one']))
      const tallies = await store.tallies(number)
      const ofVersion = tallies.find(({ active }) => active === version)
      expect(ofVersion).toMatchObject({
        asked: 30,
        differing: 20,
        recordsNotCompared: 40,
        left: 50,
        failed: 60,
      })
      expect(ofVersion?.differences).toHaveLength(2)
      for (const answer of ['one', 'two']) {
        expect(ofVersion?.differences).toContainEqual({ ...KIND, candidate: answer, count: 10 })
      }
      expect(tallies.find(({ active }) => active === other)).toEqual(tally(version, other, ['one']))
      const next = await store.start(version, 'anna')
      expect(await store.tallies(next.number)).toEqual([])
    })

    test('wakes whoever watches, until they stop', async () => {
      const { store, version } = await setUp()
      const wake = vi.fn<() => void>()
      const watch = await store.watch(wake)
      await store.start(version, 'anna')
      await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(1), { timeout: 2_000 })
      await watch[Symbol.asyncDispose]()
      await store.start(null, 'anna')
      expect(wake).toHaveBeenCalledTimes(1)
    })

    function tally(candidate: PolicyVersion, active: PolicyVersion, answers: readonly string[]): ShadowTally {
      return {
        ...{ active, candidate },
        ...{ asked: 3, differing: 2, recordsNotCompared: 4, left: 5, failed: 6 },
        differences: answers.map((answer) => ({ ...KIND, candidate: answer, count: 1 })),
      }
    }
  })
}

const KIND = {
  role: 'contact-centre.operator',
  contract: null,
  purpose: 'invoice-enquiry',
  action: 'read',
  resource: 'invoice',
  active: 'permit: number plain',
}
