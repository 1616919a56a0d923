import type { InclusionProof } from '@varco/access-log'
import type { ReportedProof } from './parts.ts'

/** The signed notes a report's proofs lead to, each kept once. */
export class Checkpoints {
  readonly notes: string[] = []
  readonly #positions = new Map<string, number>()

  /** A proof that names its note by position. */
  keep(proof: InclusionProof): ReportedProof {
    const { body, index, size, path, checkpoint } = proof
    return { body, index, size, path: [...path], checkpoint: this.#position(checkpoint) }
  }

  #position(note: string): number {
    const known = this.#positions.get(note)
    if (known !== undefined) return known
    this.#positions.set(note, this.notes.length)
    return this.notes.push(note) - 1
  }
}
