import { faultFields, UnavailableError, type Diagnostics } from '@varco/core'
import type { ErrorHandler } from 'hono'
import { asHtml } from '../layout/document.tsx'
import { LoginRefusedError } from '../login/identity-provider.ts'
import { languageOf, type ConsoleEnv } from '../visit/visit.ts'
import { FailurePage } from './failure-page.tsx'
import { errorText } from './text.ts'

/** Every fault ends here: a page in the reader's language, a line for the operators, never the raw message. */
export function handleFault(diagnostics: Diagnostics): ErrorHandler<ConsoleEnv> {
  return (error, c) => {
    const { requestId } = c.var
    const locale = languageOf(c, 'it')
    const t = errorText[locale]
    const path = c.req.routePath
    const show = (name: 'unavailable' | 'loginRefused' | 'fault', link: { href: string; title: string }) =>
      asHtml(
        <FailurePage
          locale={locale}
          title={t[`${name}Title`]}
          lead={t[`${name}Lead`]}
          requestId={requestId}
          link={link}
        />,
      )

    if (error instanceof UnavailableError) {
      diagnostics.warn('page not shown: a service is not available', {
        requestId,
        path,
        service: error.service,
      })
      c.header('Retry-After', '5')
      return c.html(show('unavailable', { href: c.req.method === 'GET' ? '' : '/', title: t.tryAgain }), 503)
    }
    if (error instanceof LoginRefusedError) {
      diagnostics.warn('login refused', { requestId, ...faultFields(error.cause ?? error) })
      return c.html(show('loginRefused', { href: '/login', title: t.signInAgain }), 400)
    }
    diagnostics.error('page not shown: a fault', { requestId, path, ...faultFields(error) })
    return c.html(show('fault', { href: '/', title: t.backHome }), 500)
  }
}
