import type { Micros, Pseudonym } from '@varco/core'
import type { Instruction } from './instruction.ts'

/**
 * What people have said beforehand, one at a time each; what was said before is in the log. Every method throws
 * `UnavailableError` when the store cannot be reached. A change is told to every node through the engagement's feed.
 */
export interface InstructionStore {
  /** The one that holds at `now`, or begins later. */
  instruction(pseudonym: Pseudonym, now: Micros): Promise<Instruction | null>
  /** In the place of the one before. */
  putInstruction(instruction: Instruction): Promise<void>
  /** @returns `false`, and nothing changed, where none holds at `now` */
  endInstruction(pseudonym: Pseudonym, now: Micros): Promise<boolean>
}
