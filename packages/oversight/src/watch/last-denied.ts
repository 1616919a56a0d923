import type { WatchedEvent } from '../feed/event-feed.ts'

type Asker = Pick<WatchedEvent, 'at' | 'operator' | 'workstation'>

/** When each operator was last refused, and at each workstation: who is shown something soon after may have gone around it. */
export class LastDenied {
  readonly #byOperator = new Map<string, number>()
  readonly #byWorkstation = new Map<string, number>()

  constructor(refusals: readonly Asker[]) {
    for (const refusal of refusals) this.note(refusal)
  }

  note({ at, operator, workstation }: Asker): void {
    if (operator !== null) keepLatest(this.#byOperator, operator, at)
    if (workstation !== null) keepLatest(this.#byWorkstation, workstation, at)
  }

  /** @param within microseconds */
  isWithin({ at, operator, workstation }: Asker, within: number): boolean {
    return (
      (operator !== null && at - (this.#byOperator.get(operator) ?? -Infinity) <= within) ||
      (workstation !== null && at - (this.#byWorkstation.get(workstation) ?? -Infinity) <= within)
    )
  }
}

/** A tree may come late, with what was before. */
function keepLatest(times: Map<string, number>, who: string, at: number): void {
  times.set(who, Math.max(at, times.get(who) ?? at))
}
