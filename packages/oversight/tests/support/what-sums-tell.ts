/** Sums of unknowns that somebody has been told; each says by how much every unknown counts in it. */
export interface WhatSumsTell {
  tell(sum: readonly number[]): void
  /** Whether adding and subtracting what was told comes to this sum. */
  comesTo(sum: readonly number[]): boolean
}

/** Kept as rows of which each begins where no other does (Gauss). */
export function whatSumsTell(): WhatSumsTell {
  const rows = new Map<number, readonly number[]>()
  const reduced = (sum: readonly number[]): readonly number[] => {
    let left = sum
    for (let i = 0; i < left.length; i++) {
      const [row, factor] = [rows.get(i), left[i] ?? 0]
      if (row === undefined || Math.abs(factor) < EPSILON) continue
      left = left.map((n, j) => n - factor * (row[j] ?? 0))
    }
    return left
  }
  const firstOf = (sum: readonly number[]): number => sum.findIndex((n) => Math.abs(n) > EPSILON)
  return {
    tell: (sum) => {
      const left = reduced(sum)
      const first = firstOf(left)
      if (first >= 0)
        rows.set(
          first,
          left.map((n) => n / (left[first] ?? 1)),
        )
    },
    comesTo: (sum) => firstOf(reduced(sum)) < 0,
  }
}

const EPSILON = 1e-9
