import { MICROS_PER_SECOND, type Clock, type Micros } from '@varco/core'

const HOUR: Micros = 3_600n * MICROS_PER_SECOND
/** An hour is counted in so many parts; what was shown leaves the count a part at a time. */
const PARTS = 60
const PART: Micros = HOUR / BigInt(PARTS)
const CAPACITY = 10_000

interface Shown {
  readonly part: bigint
  count: number
}

/**
 * How many records each operator was shown of each resource in the last hour, by this process. Several nodes each count
 * their own, and together allow as many times more.
 */
export class Budgets {
  readonly #clock: Clock
  readonly #shown = new Map<string, Shown[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many more may be shown now; never below 0. */
  left(operator: string, resource: string, perHour: number): number {
    return leftOf(this.#recent(keyOf(operator, resource)), perHour)
  }

  /** Counts records that are about to be shown, or refuses them all. */
  spend(operator: string, resource: string, perHour: number, count: number): boolean {
    const key = keyOf(operator, resource)
    const recent = this.#recent(key)
    if (count > leftOf(recent, perHour)) return false
    const part = this.#clock.now() / PART
    const last = recent.at(-1)
    if (last !== undefined && last.part >= part) last.count += count
    else recent.push({ part, count })
    this.#shown.delete(key)
    this.#shown.set(key, recent)
    this.#forgetOldest()
    return true
  }

  #recent(key: string): Shown[] {
    const oldest = this.#clock.now() / PART - BigInt(PARTS)
    return (this.#shown.get(key) ?? []).filter(({ part }) => part > oldest)
  }

  /** Whoever has been idle longest; more people than this do not work within an hour. */
  #forgetOldest(): void {
    if (this.#shown.size <= CAPACITY) return
    const [oldest] = this.#shown.keys()
    if (oldest !== undefined) this.#shown.delete(oldest)
  }
}

function leftOf(recent: readonly Shown[], perHour: number): number {
  return Math.max(0, perHour - recent.reduce((sum, { count }) => sum + count, 0))
}

function keyOf(operator: string, resource: string): string {
  return `${operator} ${resource}`
}
