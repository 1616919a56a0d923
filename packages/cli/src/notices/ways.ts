import { microsToIso, UnavailableError } from '@varco/core'
import { createTransport } from 'nodemailer'
import type { Send } from './delivery.ts'
import { noticeMail } from './notice-mail.ts'

const TIMEOUT_MS = 10_000

/** By mail, to the unit's address; a unit without one is not told this way. */
export function byMail({
  url,
  from,
  consoleUrl,
}: {
  readonly url: string
  readonly from: string
  readonly consoleUrl: string
}): Send {
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // A mail is made of the notice alone, never of a file or an address that its text might name.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return async (notice) => {
    if (notice.email === null) return
    await transport.sendMail({ from, to: notice.email, ...noticeMail(notice, consoleUrl) })
  }
}

/** To an address of the body's own, in JSON. It answers 2xx or is told again. */
export function byWebhook(url: string, fetch: typeof globalThis.fetch = globalThis.fetch): Send {
  return async (notice) => {
    const { at, reviewDue, email: _unused, ...told } = notice
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...told,
        at: microsToIso(at),
        reviewDue: reviewDue === null ? null : microsToIso(reviewDue),
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    if (!response.ok) throw new UnavailableError('notice webhook')
  }
}
