import type { Micros } from '@varco/core'

/** Which proofs of possession were used, as all nodes together know it. */
export interface ProofMemory {
  /**
   * @param proof a UUID that stands for the proof: the store never learns whose it is
   * @param until when it can pass nowhere any more, and may be forgotten
   * @returns whether this is the first time
   * @throws UnavailableError when that cannot be said: then it must not pass
   */
  remember(proof: string, now: Micros, until: Micros): Promise<boolean>
}
