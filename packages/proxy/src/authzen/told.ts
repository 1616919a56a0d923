import { REASONS, type ReasonCode } from '@varco/policy'
import type { Refusal } from '../refusal.ts'

/** Why the answer is no, where it is not the decision that says so. */
export type Told = Pick<Refusal, 'refused' | 'code' | 'text'>

export function told(code: ReasonCode): Told {
  return { refused: true, code, text: REASONS[code] }
}
