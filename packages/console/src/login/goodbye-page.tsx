import type { Locale } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { BarePage } from '../layout/bare-page.tsx'
import { loginText } from './text.ts'

/**
 * Shown after the logout, on the way to the identity provider's own. A page and not a redirect, for the
 * page's policy lets a form lead nowhere but to this console.
 */
export function GoodbyePage({ locale, onward }: { locale: Locale; onward: string }): JSX.Element {
  const t = loginText[locale]
  return (
    <BarePage locale={locale} icon="logout" title={t.goodbyeTitle} lead={t.goodbyeLead} onward={onward}>
      <p>
        <a class="btn btn-primary" href={onward}>
          {t.goOn}
        </a>
      </p>
    </BarePage>
  )
}
