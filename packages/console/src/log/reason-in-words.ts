import { GATE_REASONS, REASONS } from '@varco/policy'
import type { Locale, Localized } from '@varco/core'

/** What callers are told in the same words as something else, or not at all; who reads the log is told which it was. */
const FOR_READERS: Readonly<Record<string, Localized>> = {
  'unknown-resource': {
    it: 'Nessuna regola apre questi dati a chi li ha chiesti, o non esistono.',
    en: 'No rule opens this data to who asked, or it does not exist.',
  },
  'field-not-available': {
    it: 'Nessuna regola apre uno dei campi chiesti, o non esiste.',
    en: 'No rule opens one of the fields asked for, or it does not exist.',
  },
  'canary-touched': {
    it: 'È stato mostrato un record esca, che nessun lavoro onesto tocca.',
    en: 'A canary was shown: a record that no honest task touches.',
  },
}

const IN_WORDS: Readonly<Record<string, Localized>> = { ...REASONS, ...GATE_REASONS, ...FOR_READERS }

/** A reason of the log in words; a code this version does not know stands for itself. */
export function reasonInWords(code: string | undefined, locale: Locale): string | null {
  if (code === undefined) return null
  return Object.hasOwn(IN_WORDS, code) ? (IN_WORDS[code]?.[locale] ?? code) : code
}
