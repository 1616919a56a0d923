import { createHash } from 'node:crypto'

/** What lies between, 95 times of a hundred. */
export interface Interval {
  readonly low: number
  readonly high: number
}

const RESAMPLES = 1_000

/**
 * Percentile bootstrap (Efron) of a ratio of two sums over the items. The same seed gives the same interval, on every machine.
 * @returns `null` where there is nothing to divide by
 */
export function bootstrapRatio(
  items: readonly { readonly above: number; readonly below: number }[],
  seed: string,
): Interval | null {
  if (items.reduce((sum, { below }) => sum + below, 0) === 0) return null
  const next = mulberry32(createHash('sha256').update(seed).digest().readInt32LE(0))
  const ratios: number[] = []
  for (let i = 0; i < RESAMPLES; i++) {
    let [above, below] = [0, 0]
    for (let n = 0; n < items.length; n++) {
      const item = items[Math.floor(next() * items.length)]
      above += item?.above ?? 0
      below += item?.below ?? 0
    }
    if (below > 0) ratios.push(above / below)
  }
  ratios.sort((a, b) => a - b)
  const at = (rank: number): number =>
    ratios[Math.min(ratios.length - 1, Math.floor(rank * ratios.length))] ?? 0
  return { low: at(0.025), high: at(0.975) }
}

/** Tommy Ettinger's mulberry32: small, and even enough to draw with. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
