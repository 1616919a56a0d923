import type { Locale } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { BarePage } from '../layout/bare-page.tsx'
import { errorText } from './text.ts'

export interface FailurePageProps {
  readonly locale: Locale
  readonly title: string
  readonly lead: string
  readonly requestId: string
  /** The way on. */
  readonly link: { readonly href: string; readonly title: string }
}

/** What is shown when the page asked for cannot be. */
export function FailurePage({ locale, title, lead, requestId, link }: FailurePageProps): JSX.Element {
  return (
    <BarePage locale={locale} icon="warning-circle" title={title} lead={lead}>
      <p>
        <a class="btn btn-primary" href={link.href}>
          {link.title}
        </a>
      </p>
      <RequestNumber locale={locale} requestId={requestId} />
    </BarePage>
  )
}

/** What to quote when asking for help. */
export function RequestNumber(props: { locale: Locale; requestId: string }): JSX.Element {
  return (
    <p class="request-number">
      {errorText[props.locale].requestNumber} <code>{props.requestId}</code>
    </p>
  )
}
