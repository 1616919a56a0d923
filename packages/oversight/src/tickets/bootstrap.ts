import { createHash } from 'node:crypto'

/** What lies between, 95 times of a hundred. */
export interface Interval {
  readonly low: number
  readonly high: number
}

const RESAMPLES = 1_000
/** Beyond so many, groups are drawn: their sums differ as much as the items would have them, and a year's tickets cost no more. */
const MOST_DRAWN = 1_000

interface Item {
  readonly above: number
  readonly below: number
}

/**
 * Percentile bootstrap (Efron) of a ratio of two sums over the items. The same seed gives the same interval, on every machine.
 * @returns `null` where there is nothing to divide by
 */
export function bootstrapRatio(all: readonly Item[], seed: string): Interval | null {
  if (all.reduce((sum, { below }) => sum + below, 0) === 0) return null
  const next = mulberry32(createHash('sha256').update(seed).digest().readInt32LE(0))
  const items = all.length > MOST_DRAWN ? inGroups(all, next) : all
  // Side by side, for this is done a million times.
  const [aboves, belows] = [
    Float64Array.from(items, ({ above }) => above),
    Float64Array.from(items, ({ below }) => below),
  ]
  const ratios: number[] = []
  for (let i = 0; i < RESAMPLES; i++) {
    let above = 0
    let below = 0
    for (let n = 0; n < items.length; n++) {
      const drawn = Math.floor(next() * items.length)
      above += aboves[drawn] ?? 0
      below += belows[drawn] ?? 0
    }
    if (below > 0) ratios.push(above / below)
  }
  ratios.sort((a, b) => a - b)
  const at = (rank: number): number =>
    ratios[Math.min(ratios.length - 1, Math.floor(rank * ratios.length))] ?? 0
  return { low: at(0.025), high: at(0.975) }
}

/** The items, dealt out by chance. */
function inGroups(items: readonly Item[], next: () => number): readonly Item[] {
  const groups = Array.from({ length: MOST_DRAWN }, () => ({ above: 0, below: 0 }))
  for (const { above, below } of items) {
    const group = groups[Math.floor(next() * MOST_DRAWN)]
    if (group === undefined) continue
    group.above += above
    group.below += below
  }
  return groups
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
