import type { Micros, OperatorId, Pseudonym } from '@varco/core'

/**
 * On whose orders somebody works, as they said before they did it. It is theirs alone, and of the work they said it in:
 * another contract is another pseudonym.
 */
export interface Instruction {
  readonly operator: OperatorId
  readonly pseudonym: Pseudonym
  /** An id: a unit, a role or a pseudonym; never a name. It goes into the log. */
  readonly instructedBy: string
  /** When it was said: it is never said for what was. */
  readonly from: Micros
  /** Exclusive. */
  readonly until: Micros
}

/** Whether it holds then. */
export function holdsAt({ from, until }: Instruction, at: Micros): boolean {
  return from <= at && at < until
}
