import type { Budget, BudgetStore } from '../budgets/budget-store.ts'

const MINUTE = 60_000_000n

/** The port's double for tests: one process's memory, which several proxies may share. */
export function memoryBudgets(): BudgetStore {
  const seen = new Map<string, Set<string>>()
  const countedBy = ({ holder, from }: Budget): Set<string> => {
    const key = `${holder}\n${from}`
    const counted = seen.get(key) ?? new Set()
    seen.set(key, counted)
    return counted
  }
  const shown = new Map<string, { readonly minute: bigint; count: number }[]>()
  return {
    takeRecords: async ({ holder, most }, { needed, wanted, now }) => {
      const known = shown.get(holder) ?? []
      const minute = known.reduce(
        (latest, each) => (each.minute > latest ? each.minute : latest),
        now / MINUTE,
      )
      const recent = known.filter((each) => each.minute > minute - 60n)
      const left = Math.max(0, most - recent.reduce((sum, { count }) => sum + count, 0))
      const taken = left < needed ? 0 : Math.min(wanted, left)
      shown.set(holder, [...recent, { minute, count: taken }])
      return { taken, left: left - taken }
    },
    spend: async (budgets, dataSubjects) => {
      const over = budgets.filter((budget) => {
        const counted = countedBy(budget)
        const fresh = new Set(dataSubjects.filter((each) => !counted.has(each)))
        return fresh.size > 0 && counted.size + fresh.size > budget.most
      })
      if (over.length > 0) return over
      for (const budget of budgets) for (const each of dataSubjects) countedBy(budget).add(each)
      return []
    },
  }
}
