import type { Budget, BudgetStore } from '../budgets/budget-store.ts'

/** The port's double for tests: one process's memory, which several proxies may share. */
export function memoryBudgets(): BudgetStore {
  const seen = new Map<string, Set<string>>()
  const countedBy = ({ holder, from }: Budget): Set<string> => {
    const key = `${holder}\n${from}`
    const counted = seen.get(key) ?? new Set()
    seen.set(key, counted)
    return counted
  }
  return {
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
