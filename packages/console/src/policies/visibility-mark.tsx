import type { Locale } from '@varco/core'
import type { MaskName, Outcome } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { policiesText } from './text.ts'

/** How a field shows: in words, and what is left of it when masked. */
export function VisibilityMark(props: {
  outcome: Outcome
  mask: MaskName | null
  locale: Locale
}): JSX.Element {
  const { outcome, mask, locale } = props
  const t = policiesText[locale]
  return (
    <span class={`shown shown-${outcome}`}>
      {t.outcomes[outcome]}
      {outcome === 'masked' && mask !== null ? <small>{t.masks[mask]}</small> : null}
    </span>
  )
}
