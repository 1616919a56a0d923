import { MICROS_PER_SECOND, type Clock, type Micros } from '@varco/core'
import type { BudgetStore } from '@varco/engagement'

const HOUR: Micros = 3_600n * MICROS_PER_SECOND
/** An hour is counted in so many parts; what was shown leaves the count a part at a time. */
const PARTS = 60
const PART: Micros = HOUR / BigInt(PARTS)
const CAPACITY = 10_000

interface Shown {
  readonly part: bigint
  count: number
}

/** What this node may still show within the minute, of what it took from the budget that all nodes share. */
interface Allowance {
  readonly part: bigint
  count: number
}

/**
 * How many records each operator was shown of each resource in the last hour: by this node, which it knows by itself,
 * and by all together, which the store knows. Whatever is about to be shown is taken from the store first, some more with
 * it, so that not each access has to ask.
 */
export class Budgets {
  readonly #clock: Clock
  readonly #store: BudgetStore | null
  readonly #shown = new Map<string, Shown[]>()
  readonly #allowances = new Map<string, Allowance>()
  /** What the store said last was left for anybody, until the minute is over. */
  readonly #leftOfAll = new Map<string, Allowance>()

  /** @param store `null`: there is no other node */
  constructor(clock: Clock, store: BudgetStore | null = null) {
    this.#clock = clock
    this.#store = store
  }

  /** How many more may be shown now, as far as this node knows; never below 0. */
  left(operator: string, resource: string, perHour: number): number {
    const key = keyOf(operator, resource)
    const own = leftOf(this.#recent(key), perHour)
    const all = this.#now(this.#leftOfAll, key)
    return all === null ? own : Math.min(own, all.count + (this.#now(this.#allowances, key)?.count ?? 0))
  }

  /**
   * Counts records that are about to be shown, or refuses them all.
   * @throws UnavailableError when nobody can say what other nodes have shown
   */
  async spend(operator: string, resource: string, perHour: number, count: number): Promise<boolean> {
    const key = keyOf(operator, resource)
    if (count > leftOf(this.#recent(key), perHour)) return false
    // Counted before the store is asked, lest two requests take the same.
    this.#count(key, count)
    let isTaken = false
    try {
      isTaken = await this.#take(key, perHour, count)
    } finally {
      if (!isTaken) this.#count(key, -count)
    }
    return isTaken
  }

  /**
   * Counts as shown whatever may still be shown now.
   * @throws UnavailableError as `spend` does
   */
  async spendRest(operator: string, resource: string, perHour: number): Promise<void> {
    let rest = this.left(operator, resource, perHour)
    // Where others were faster, the store has said how little is left.
    while (rest > 0 && !(await this.spend(operator, resource, perHour, rest)))
      rest = this.left(operator, resource, perHour)
  }

  #count(key: string, count: number): void {
    const recent = this.#recent(key)
    const part = this.#clock.now() / PART
    const last = recent.at(-1)
    if (last !== undefined && last.part >= part) last.count += count
    else recent.push({ part, count })
    this.#shown.delete(key)
    this.#shown.set(key, recent)
    forgetOldest(this.#shown)
  }

  async #take(key: string, perHour: number, count: number): Promise<boolean> {
    if (this.#store === null || count === 0) return true
    const now = this.#clock.now()
    const part = now / PART
    const held = this.#now(this.#allowances, key)?.count ?? 0
    if (held >= count) {
      this.#allow(key, part, -count)
      return true
    }
    // What is held is used up first, and out of others' reach while the store is asked.
    this.#allow(key, part, -held)
    const needed = count - held
    const wanted = Math.max(needed, Math.floor(perHour / SHARE))
    let isTaken = false
    try {
      const budget = { holder: key, most: perHour }
      const { taken, left } = await this.#store.takeRecords(budget, { needed, wanted, now })
      this.#remember(this.#leftOfAll, key, { part, count: left })
      isTaken = taken >= needed
      if (isTaken) this.#allow(key, part, taken - needed)
    } finally {
      if (!isTaken) this.#allow(key, part, held)
    }
    return isTaken
  }

  /** Adds to what may be shown within a minute; once that is over it is for nothing. */
  #allow(key: string, part: bigint, count: number): void {
    const known = this.#allowances.get(key)
    if (known !== undefined && known.part > part) return
    const held = known?.part === part ? known.count : 0
    this.#remember(this.#allowances, key, { part, count: held + count })
  }

  #now(memory: ReadonlyMap<string, Allowance>, key: string): Allowance | null {
    const found = memory.get(key)
    return found !== undefined && found.part === this.#clock.now() / PART ? found : null
  }

  #remember(memory: Map<string, Allowance>, key: string, allowance: Allowance): void {
    memory.delete(key)
    memory.set(key, allowance)
    forgetOldest(memory)
  }

  #recent(key: string): Shown[] {
    const oldest = this.#clock.now() / PART - BigInt(PARTS)
    return (this.#shown.get(key) ?? []).filter(({ part }) => part > oldest)
  }
}

/** Of what may be shown in an hour, the part that a node takes at once. */
const SHARE = 20

/** Whoever has been idle longest; more people than this do not work within an hour. */
function forgetOldest(memory: Map<string, unknown>): void {
  if (memory.size <= CAPACITY) return
  const [oldest] = memory.keys()
  if (oldest !== undefined) memory.delete(oldest)
}

function leftOf(recent: readonly Shown[], perHour: number): number {
  return Math.max(0, perHour - recent.reduce((sum, { count }) => sum + count, 0))
}

function keyOf(operator: string, resource: string): string {
  return `${operator} ${resource}`
}
