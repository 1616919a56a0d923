import { isId } from '@varco/core'

const PERSONAL = [
  /@/,
  // An Italian tax code, an IBAN, a VAT or telephone number.
  /^[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/i,
  /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/i,
  /^\d{9,}$/,
]

/**
 * Whether what somebody states may go into the log, where it stays for ever: an id, and none that looks like a person's
 * identifier typed into the wrong box.
 */
export function isStatedId(text: string): boolean {
  return isId(text) && !PERSONAL.some((pattern) => pattern.test(text))
}
