import type { WatchedEvent } from '../feed/event-feed.ts'

type Asker = Pick<WatchedEvent, 'at' | 'operator' | 'workstation'>

/** Twice as many names are kept at most, of operators and of workstations: a caller may name another workstation each time. */
const MANY = 10_000
/** Longer than any rule looks back on a refusal, and than a tree comes late. */
const LONG_US = 86_400_000_000

/**
 * When each operator was last refused, and at each workstation: who is shown something soon after may have gone around it.
 * What is forgotten before its time costs an older ticket that would have explained an access, and never an alert.
 */
export class LastDenied {
  readonly #byOperator = new LatestTimes()
  readonly #byWorkstation = new LatestTimes()

  constructor(refusals: readonly Asker[]) {
    for (const refusal of refusals) this.note(refusal)
  }

  note({ at, operator, workstation }: Asker): void {
    if (operator !== null) this.#byOperator.note(operator, at)
    if (workstation !== null) this.#byWorkstation.note(workstation, at)
  }

  /** @param within microseconds */
  isWithin({ at, operator, workstation }: Asker, within: number): boolean {
    return (
      (operator !== null && at - this.#byOperator.of(operator) <= within) ||
      (workstation !== null && at - this.#byWorkstation.of(workstation) <= within)
    )
  }
}

/** In two heaps: when the newer is large or old, the older is forgotten whole, for to look for the oldest name each time is dear. */
class LatestTimes {
  #newer = new Map<string, number>()
  #older = new Map<string, number>()
  #since = -Infinity

  /** A tree may come late, with what was before. */
  note(name: string, at: number): void {
    const latest = Math.max(at, this.of(name))
    if (this.#newer.size >= MANY || at - this.#since > LONG_US) {
      this.#older = this.#newer
      this.#newer = new Map()
      this.#since = at
    }
    this.#newer.set(name, latest)
  }

  of(name: string): number {
    return this.#newer.get(name) ?? this.#older.get(name) ?? -Infinity
  }
}
