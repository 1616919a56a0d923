import { UnavailableError, type Micros } from '@varco/core'
import type { ProofMemory } from '@varco/engagement'
import type { Database } from './database.ts'

const REMEMBER = 'INSERT INTO varco.used_proofs (proof, until_us) VALUES ($1, $2) ON CONFLICT DO NOTHING'
const FORGET = 'DELETE FROM varco.used_proofs WHERE until_us < $1'
const FORGET_EVERY: Micros = 60_000_000n

/**
 * Used proofs in PostgreSQL, shared by every node on it. How many there are is bounded by what the nodes let through in
 * a proof's life; each minute some node forgets those whose life is over.
 */
export function openProofMemory({ pool }: Pick<Database, 'pool'>): ProofMemory {
  let forgottenAt: Micros = 0n
  const forgetOld = (now: Micros): void => {
    if (now < forgottenAt + FORGET_EVERY) return
    forgottenAt = now
    // What stays does no harm, and the next minute tries again.
    void pool.query(FORGET, [now]).catch(() => {})
  }
  return {
    remember: async (proof, now, until) => {
      try {
        const { rowCount } = await pool.query({
          name: 'proof-remember',
          text: REMEMBER,
          values: [proof, until],
        })
        forgetOld(now)
        return rowCount === 1
      } catch (cause) {
        throw new UnavailableError('proofs', { cause })
      }
    },
  }
}
