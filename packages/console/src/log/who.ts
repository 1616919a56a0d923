import type { StoredEvent } from '@varco/access-log'
import type { Locale } from '@varco/core'
import type { Names } from '../i18n/names.ts'
import { logText } from './text.ts'

/** The company an event's person works for; the body itself where there is no contract. */
export function companyOf(event: StoredEvent, names: Names, locale: Locale): string {
  if (event.processor !== null) return names.processor(event.processor)
  const t = logText[locale]
  if (event.operator !== null) return t.body
  return event.kind === 'access' ? t.unrecognised : t.system
}
