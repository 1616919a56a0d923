import { describe, expect, test } from 'vitest'
import type { Budget, BudgetStore } from '../budgets/budget-store.ts'
import { FIXTURE_NOW } from './engagement-facts.ts'

const HOUR = 3_600_000_000n

function budget(holder: string, most: number, from = FIXTURE_NOW): Budget {
  return { holder, from, to: from + HOUR, most }
}

/** Pseudonyms of data subjects. */
function people(...numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)
}

/** What every store of budgets must do. `open` gives an empty one. */
export function budgetStoreContract(name: string, open: () => Promise<BudgetStore>): void {
  describe(`${name} as a store of budgets`, () => {
    test('counts different data subjects, each once, up to the last one', async () => {
      const store = await open()
      const three = budget('A', 3)
      expect(await store.spend([three], people(1, 2))).toEqual([])
      expect(await store.spend([three], people(2, 1))).toEqual([])
      expect(await store.spend([three], people(2, 3))).toEqual([])
      expect(await store.spend([three], people(4))).toEqual([three])
      expect(await store.spend([three], people(1, 2, 3))).toEqual([])
    })

    test('counts all of what is asked or nothing, against every budget or none', async () => {
      const store = await open()
      const [own, shared] = [budget('A', 5), budget('all', 2)]
      expect(await store.spend([own, shared], people(1, 2, 3))).toEqual([shared])
      expect(await store.spend([own], people(4, 5, 6, 7, 8))).toEqual([])
      expect(await store.spend([own, shared], people(9))).toEqual([own])
      expect(await store.spend([shared], people(1, 2))).toEqual([])
    })

    test('begins anew with each stretch, and keeps holders apart', async () => {
      const store = await open()
      expect(await store.spend([budget('A', 1)], people(1))).toEqual([])
      expect(await store.spend([budget('A', 1, FIXTURE_NOW + HOUR)], people(2))).toEqual([])
      expect(await store.spend([budget('B', 1)], people(2))).toEqual([])
    })

    test('a budget that was lowered meanwhile is spent, yet what was counted costs nothing', async () => {
      const store = await open()
      await store.spend([budget('A', 9)], people(1, 2, 3))
      expect(await store.spend([budget('A', 2)], people(1))).toEqual([])
      expect(await store.spend([budget('A', 2)], people(4))).toHaveLength(1)
    })

    test('many at once never overspend it together, nor lock each other up', async () => {
      const store = await open()
      const budgets = [budget('all', 20), budget('A', 1_000)]
      const asked = Array.from({ length: 40 }, (_, number) => people(number, (number * 7) % 40))
      const over = await Promise.all(asked.map((some) => store.spend(budgets, some)))
      const shown = new Set(asked.flatMap((some, index) => (over[index]?.length === 0 ? some : [])))
      expect(shown.size).toBeGreaterThan(0)
      expect(shown.size).toBeLessThanOrEqual(20)
    })

    describe('of records in any sixty minutes', () => {
      const MINUTE = 60_000_000n
      const take = (store: BudgetStore, needed: number, change: Partial<RecordTaking> = {}) => {
        const { holder, most, wanted, now } = {
          ...{ holder: 'A invoice', most: 10, wanted: needed, now: FIXTURE_NOW },
          ...change,
        }
        return store.takeRecords({ holder, most }, { needed, wanted, now })
      }

      test('counts all that are needed or none, and no more than are left of what is wanted', async () => {
        const store = await open()
        expect(await take(store, 4)).toEqual({ taken: 4, left: 6 })
        expect(await take(store, 7)).toEqual({ taken: 0, left: 6 })
        expect(await take(store, 1, { wanted: 20 })).toEqual({ taken: 6, left: 0 })
        expect(await take(store, 1)).toEqual({ taken: 0, left: 0 })
        expect(await take(store, 1, { holder: 'B invoice' })).toEqual({ taken: 1, left: 9 })
        expect(await take(store, 11, { holder: 'C invoice' })).toEqual({ taken: 0, left: 10 })
      })

      test('gives back what is an hour old, minute by minute', async () => {
        const store = await open()
        await take(store, 6)
        await take(store, 4, { now: FIXTURE_NOW + 30n * MINUTE })
        expect(await take(store, 1, { now: FIXTURE_NOW + 59n * MINUTE })).toEqual({ taken: 0, left: 0 })
        expect(await take(store, 6, { now: FIXTURE_NOW + 60n * MINUTE })).toEqual({ taken: 6, left: 0 })
        expect(await take(store, 10, { now: FIXTURE_NOW + 500n * MINUTE })).toEqual({ taken: 10, left: 0 })
      })

      test('a node whose clock is behind frees nothing, and one whose clock is ahead loses nothing', async () => {
        const store = await open()
        await take(store, 8)
        expect(await take(store, 3, { now: FIXTURE_NOW - 90n * MINUTE })).toEqual({ taken: 0, left: 2 })
        expect(await take(store, 2, { now: FIXTURE_NOW - MINUTE })).toEqual({ taken: 2, left: 0 })
        expect(await take(store, 1, { now: FIXTURE_NOW + MINUTE })).toEqual({ taken: 0, left: 0 })
      })

      test('a budget that was lowered below what was shown is spent', async () => {
        const store = await open()
        await take(store, 8)
        expect(await take(store, 1, { most: 5 })).toEqual({ taken: 0, left: 0 })
      })

      test('many at once never overspend it together', async () => {
        const store = await open()
        const taken = await Promise.all(
          Array.from({ length: 30 }, (_, number) => take(store, 1 + (number % 3), { wanted: 3, most: 20 })),
        )
        expect(taken.reduce((sum, each) => sum + each.taken, 0)).toBe(20)
      })
    })
  })
}

interface RecordTaking {
  readonly holder: string
  readonly most: number
  readonly wanted: number
  readonly now: bigint
}
