import { REASONS, type ReasonCode } from '@varco/policy'
import type { Locale } from '@varco/core'

/** A reason as policy words it; a code this version does not know stands for itself. */
export function reasonInWords(code: string | undefined, locale: Locale): string | null {
  if (code === undefined) return null
  return Object.hasOwn(REASONS, code) ? REASONS[code as ReasonCode][locale] : code
}
