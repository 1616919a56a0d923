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
  })
}
