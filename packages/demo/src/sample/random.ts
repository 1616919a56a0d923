import { createHash } from 'node:crypto'

/** Chance that repeats: the same seed gives the same choices in the same order, on every machine. */
export interface Random {
  /** From 0, below 1. */
  next(): number
  /** A whole number, both ends included. */
  int(from: number, to: number): number
  /** True that often: 0.2 is one time in five. */
  chance(share: number): boolean
  pick<const T>(items: readonly [T, ...T[]]): T
  /** Each item as often as its weight among all the weights. */
  weighted<const T>(items: readonly [readonly [T, number], ...(readonly [T, number])[]]): T
  digits(length: number): string
}

/** A stream of chance of its own for each name, so that one table's growth does not change another's rows. */
export function randomFrom(...names: readonly (string | number)[]): Random {
  const next = smallFastCounter(createHash('sha256').update(names.join('/')).digest())
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    weighted: (items) => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [item, weight] of items) {
        left -= weight
        if (left < 0) return item
      }
      return items[0][0]
    },
    digits: (length) => Array.from({ length }, () => int(0, 9)).join(''),
  }
}

/** Chris Doty-Humphrey's sfc32: 128 bits of state, no bias that sample data could show. */
function smallFastCounter(seed: Buffer): () => number {
  let a = seed.readInt32LE(0)
  let b = seed.readInt32LE(4)
  let c = seed.readInt32LE(8)
  let counter = seed.readInt32LE(12)
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
}
