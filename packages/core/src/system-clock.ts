import type { Clock } from './clock.ts'

/** The machine's clock, in microseconds; steps back if the machine's clock does. */
export const systemClock: Clock = {
  now: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)),
}
