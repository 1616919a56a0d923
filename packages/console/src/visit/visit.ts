import type { Clock, Diagnostics, Locale, Micros, RequestId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { formatsFor, type Formats } from '../i18n/formats.ts'
import { asLocale, languageFrom } from '../i18n/language.ts'
import { timeZoneOf } from '../i18n/time-zone.ts'
import type { Sessions } from '../session/sessions.ts'
import { establishViewer, type Viewer, type ViewerDeps } from './viewer.ts'

export const LANGUAGE_COOKIE = 'varco-language'

/** What is known of one request once it has been received: fixed until its page is sent. */
export interface Visit {
  /** Taken once. */
  readonly now: Micros
  readonly requestId: RequestId
  /** Path and query, as asked. */
  readonly url: URL
  readonly locale: Locale
  readonly formats: Formats
  /** Of the reader's clocks: moments, and the days that lists of moments are narrowed by. Legal days are the body's. */
  readonly timeZone: string
  readonly bundle: Bundle
  /** `null`: nobody is signed in. */
  readonly viewer: Viewer | null
}

export interface ConsoleEnv {
  Variables: { visit: Visit; requestId: RequestId }
}

export type ConsoleContext = Context<ConsoleEnv>

export interface VisitDeps extends ViewerDeps {
  readonly bundle: () => Promise<Bundle>
  readonly sessions: Sessions
  readonly clock: Clock
  readonly diagnostics: Diagnostics
}

/** Learns who asks, when, in which language, under which bundle. */
export function receiveVisit(deps: VisitDeps): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    const now = deps.clock.now()
    const bundle = await deps.bundle()
    const locale = languageOf(c, bundle.document.varco.locale)
    const { time_zone: bodyZone } = bundle.document.varco
    const timeZone = timeZoneOf(c, bodyZone)
    const session = await deps.sessions.current(c, now)
    c.set('visit', {
      now,
      requestId: c.var.requestId,
      url: new URL(c.req.url),
      locale,
      formats: formatsFor(locale, timeZone, bodyZone),
      timeZone,
      bundle,
      viewer: session === null ? null : await establishViewer(deps, bundle, session, now),
    })
    await next()
  }
}

/** Also for pages shown when the bundle cannot be had. */
export function languageOf(c: Context, fallback: Locale): Locale {
  const chosen = getCookie(c, LANGUAGE_COOKIE, 'host') ?? getCookie(c, LANGUAGE_COOKIE)
  return asLocale(chosen) ?? languageFrom(c.req.header('accept-language'), fallback)
}
