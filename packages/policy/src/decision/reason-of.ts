import type { CompiledRule } from './compiled-rule.ts'
import type { Reason } from './decision.ts'
import { REASONS, type ReasonCode } from './reasons.ts'

/** A reason with its words, and the rule that gave it where one did. */
export function reasonOf(code: ReasonCode, rule?: CompiledRule): Reason {
  const text = REASONS[code]
  return rule === undefined ? { code, text } : { code, text, rule: rule.id }
}
