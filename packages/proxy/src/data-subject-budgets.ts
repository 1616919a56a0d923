import { createHmac } from 'node:crypto'
import { UnavailableError, type Clock, type DataSubjectRef } from '@varco/core'
import type { Budget, BudgetStore } from '@varco/engagement'

export interface DataSubjectBudgetsOptions {
  /** `null`: nobody can say what was spent, and whoever has a budget is shown nothing. */
  readonly store: BudgetStore | null
  /** The nodes' common secret: the store gets pseudonyms, which change every day. */
  readonly secret: Uint8Array
  readonly clock: Clock
}

const DAY = 86_400_000_000n
/** Counted data subjects that one process remembers, in all budgets together. */
const CAPACITY = 200_000

/**
 * Counts the data subjects whose records are about to be shown. Whoever was counted once in a stretch of time costs
 * nothing more, so this node remembers them and asks the store for new ones alone.
 */
export class DataSubjectBudgets {
  readonly #options: DataSubjectBudgetsOptions
  /** By budget, until its stretch ends. */
  readonly #counted = new Map<string, { readonly to: bigint; readonly keys: Set<string> }>()
  #size = 0
  /** Those of which nothing is left, until their stretch ends. */
  readonly #spent = new Map<string, bigint>()

  constructor(options: DataSubjectBudgetsOptions) {
    this.#options = options
  }

  /**
   * @returns the budgets that would be overspent; nothing when all are counted
   * @throws UnavailableError when that cannot be said
   */
  async spend(
    budgets: readonly Budget[],
    dataSubjects: readonly DataSubjectRef[],
  ): Promise<readonly Budget[]> {
    if (budgets.length === 0 || dataSubjects.length === 0) return []
    const { store } = this.#options
    if (store === null) throw new UnavailableError('budgets')
    const names = new Set(dataSubjects.map(nameOf))
    const counted = budgets.map((budget) => this.#countedBy(budget))
    const fresh = [...names].filter((key) => !counted.every((each) => each.has(key)))
    if (fresh.length === 0) return []
    const over = await store.spend(
      budgets,
      fresh.map((key) => this.#pseudonym(key, budgets[0]?.from ?? 0n)),
    )
    // Whoever asks for more than are left has none left. One's own budget comes first: where it stops them, the contract's
    // stays open to the others.
    if (over[0] !== undefined) this.#close(over[0])
    if (over.length > 0) return over
    for (const [index, each] of counted.entries()) {
      const before = each.size
      for (const key of fresh) each.add(key)
      this.#size += each.size - before
      const budget = budgets[index]
      if (budget !== undefined && each.size >= budget.most) this.#close(budget)
    }
    if (this.#size > CAPACITY) this.#forget()
    return []
  }

  /**
   * The budgets of which, as far as this node knows, nothing is left for these data subjects: those who were counted are free.
   * @param dataSubjects `null`: anybody
   */
  spent(budgets: readonly Budget[], dataSubjects: readonly DataSubjectRef[] | null): readonly Budget[] {
    return budgets.filter((budget) => {
      if ((this.#spent.get(keyOf(budget)) ?? 0n) <= this.#options.clock.now()) return false
      const counted = this.#counted.get(keyOf(budget))?.keys
      return dataSubjects?.every((each) => counted?.has(nameOf(each)) === true) !== true
    })
  }

  #close(budget: Budget): void {
    this.#forgetEnded()
    this.#spent.set(keyOf(budget), budget.to)
  }

  #countedBy(budget: Budget): Set<string> {
    const key = keyOf(budget)
    const known = this.#counted.get(key)
    if (known !== undefined) return known.keys
    this.#forgetEnded()
    const keys = new Set<string>()
    this.#counted.set(key, { to: budget.to, keys })
    return keys
  }

  #forgetEnded(): void {
    const now = this.#options.clock.now()
    for (const [key, { to, keys }] of this.#counted) {
      if (to > now) continue
      this.#counted.delete(key)
      this.#size -= keys.size
    }
    for (const [key, to] of this.#spent) if (to <= now) this.#spent.delete(key)
  }

  /** What is forgotten is asked for again, and costs nobody anything. */
  #forget(): void {
    this.#counted.clear()
    this.#size = 0
  }

  #pseudonym(key: string, at: bigint): string {
    const hex = createHmac('sha256', this.#options.secret)
      .update(`data-subject budget ${at / DAY}\n${key}`)
      .digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
  }
}

/** With its bound: once that is lowered everybody is counted anew, and the store says no. */
function keyOf({ holder, from, most }: Budget): string {
  return `${holder} ${from} ${most}`
}

function nameOf({ kind, id }: DataSubjectRef): string {
  return `${kind}\n${id}`
}
