import type { CopiesLedger, Copy } from '../copies/copies-ledger.ts'

/** The ledger's double for tests. */
export function memoryCopies(): CopiesLedger {
  const copies = new Map<string, Copy>()
  return {
    addCopy: async (copy) => {
      copies.set(copy.id, copy)
    },
    copy: async (id) => copies.get(id) ?? null,
    settleCopy: async (id, settled) => {
      const copy = copies.get(id)
      if (copy === undefined || copy.settled !== null) return false
      copies.set(id, { ...copy, settled })
      return true
    },
    copies: async ({ contract, unsettled, limit }) =>
      [...copies.values()]
        .filter((copy) => contract === undefined || copy.contract === contract)
        .filter(({ settled }) => unsettled !== true || settled === null)
        .toSorted((a, b) => (a.madeAt === b.madeAt ? (a.id < b.id ? 1 : -1) : a.madeAt < b.madeAt ? 1 : -1))
        .slice(0, limit),
  }
}
