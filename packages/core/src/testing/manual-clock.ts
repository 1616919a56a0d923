import type { Clock, Micros } from '../clock.ts'

/** A clock that stands still until a test moves it, backwards too. */
export class ManualClock implements Clock {
  #now: Micros

  constructor(start: Micros) {
    this.#now = start
  }

  now(): Micros {
    return this.#now
  }

  /** Moves by microseconds, which may be negative. */
  advance(by: Micros): void {
    this.#now += by
  }
}
