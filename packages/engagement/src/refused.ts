import type { Localized } from '@varco/core'

/** Why an operation changed nothing: a value, never thrown. Holds nothing of what was sent. */
export interface Refused<Code extends string = string> {
  readonly ok: false
  /** Stable: clients and the log carry it. */
  readonly code: Code
  readonly text: Localized
}

export function refuse<Code extends string>(
  texts: Readonly<Record<Code, Localized>>,
  code: Code,
): Refused<Code> {
  return { ok: false, code, text: texts[code] }
}
