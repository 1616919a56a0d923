import type { ScheduleLedger, SeenTo } from '../schedule/schedule-ledger.ts'

/** A ledger that ends with its process. */
export function memoryScheduleLedger(): ScheduleLedger {
  const known = new Map<string, SeenTo>()
  return {
    see: async (seen) => {
      known.set(seen.rule, seen)
    },
    seen: async () => [...known.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
  }
}
