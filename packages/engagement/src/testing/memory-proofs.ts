import type { ProofMemory } from '../proofs/proof-memory.ts'

/** The port's double for tests: one process's memory, which several proxies may share. */
export function memoryProofs(): ProofMemory {
  const seen = new Map<string, bigint>()
  return {
    remember: async (proof, now, until) => {
      for (const [known, end] of seen) if (end < now) seen.delete(known)
      if (seen.has(proof)) return false
      seen.set(proof, until)
      return true
    },
  }
}
