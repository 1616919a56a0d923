import { faultFields, MICROS_PER_SECOND, type Diagnostics, type Micros, type ProcessorId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { seal, unseal } from '../session/sealed.ts'
import { hostOnly, type Sessions } from '../session/sessions.ts'
import { localPath } from '../visit/local-path.ts'
import type { ConsoleContext, ConsoleEnv } from '../visit/visit.ts'
import {
  LoginRefusedError,
  loginAttemptSchema,
  type IdentityProvider,
  type LoginAttempt,
} from './identity-provider.ts'
import { GoodbyePage } from './goodbye-page.tsx'
import { LoginPage } from './login-page.tsx'
import { ProveAgainPage } from './prove-again-page.tsx'

/** A login that takes longer has been abandoned. */
const ATTEMPT_LIFE: Micros = 10n * 60n * MICROS_PER_SECOND
const ATTEMPT_COOKIE = 'varco-login'

export interface LoginDeps {
  /** By issuer; the bundle names it, so another bundle may bring another. */
  readonly identityProvider: (issuer: string) => IdentityProvider
  readonly sessions: Sessions
  readonly consoleUrl: URL
  /** Seals what travels through the browser during a login; the same on every node. */
  readonly sealingSecret: string
  readonly diagnostics: Diagnostics
}

/** `/login`, to the identity provider and back, and `/logout`. */
export function loginRoutes(deps: LoginDeps): Hono<ConsoleEnv> {
  const secure = deps.consoleUrl.protocol === 'https:'
  const cookie = { path: '/', httpOnly: true, sameSite: 'Lax', ...hostOnly(secure) } as const
  const attemptOf = (c: ConsoleContext): string =>
    (secure ? getCookie(c, ATTEMPT_COOKIE, 'host') : getCookie(c, ATTEMPT_COOKIE)) ?? ''

  return new Hono<ConsoleEnv>()
    .get('/login', (c) => {
      const to = localPath(c.req.query('to'))
      if (c.var.visit.viewer !== null) return c.redirect(to, 303)
      return c.html(asHtml(<LoginPage visit={c.var.visit} to={to} />))
    })

    .get('/login/start', async (c) => {
      const issuer = issuerFor(c.var.visit.bundle, c.req.query('with'))
      if (issuer === null) return c.html(notFoundPage(c.var.visit), 404)
      const provider = deps.identityProvider(issuer)
      const { url, proof } = await provider.begin()
      const attempt: LoginAttempt = {
        ...proof,
        issuer: provider.issuer,
        to: localPath(c.req.query('to')),
        startedAt: String(c.var.visit.now),
        again: null,
      }
      setCookie(c, ATTEMPT_COOKIE, seal(attempt, deps.sealingSecret, 'login'), { ...cookie, maxAge: 600 })
      return c.redirect(url.href, 303)
    })

    .get('/login/again', (c) => {
      const to = localPath(c.req.query('to'))
      if (c.var.visit.viewer === null) return c.redirect(`/login?to=${encodeURIComponent(to)}`, 303)
      return c.html(asHtml(<ProveAgainPage visit={c.var.visit} to={to} />))
    })

    .get('/login/again/start', async (c) => {
      const to = localPath(c.req.query('to'))
      const session = c.var.visit.viewer?.session
      if (session === undefined) return c.redirect(`/login?to=${encodeURIComponent(to)}`, 303)
      const provider = deps.identityProvider(session.issuer)
      const { url, proof } = await provider.begin({ again: true })
      const attempt: LoginAttempt = {
        ...proof,
        issuer: provider.issuer,
        to,
        startedAt: String(c.var.visit.now),
        again: session.externalId,
      }
      setCookie(c, ATTEMPT_COOKIE, seal(attempt, deps.sealingSecret, 'login'), { ...cookie, maxAge: 600 })
      return c.redirect(url.href, 303)
    })

    .get('/login/callback', async (c) => {
      const { now, url } = c.var.visit
      const attempt = loginAttemptSchema.safeParse(unseal(attemptOf(c), deps.sealingSecret, 'login'))
      deleteCookie(c, ATTEMPT_COOKIE, cookie)
      if (!attempt.success) throw new LoginRefusedError('no login is under way in this browser')
      if (now - BigInt(attempt.data.startedAt) > ATTEMPT_LIFE) {
        throw new LoginRefusedError('the login took too long')
      }
      // The address people see, not the one a reverse proxy forwarded to.
      const callback = new URL(url.pathname + url.search, deps.consoleUrl)
      const { issuer, again, startedAt } = attempt.data
      const person = await deps.identityProvider(issuer).finish(callback, attempt.data, now)
      // The provider vouches for a proof given after the attempt began; by the console's own clock, that is when.
      await deps.sessions.open(c, { ...person, provedAt: again === null ? null : BigInt(startedAt) }, now)
      return c.redirect(localPath(attempt.data.to), 303)
    })

    .post('/logout', async (c) => {
      const { viewer } = c.var.visit
      const home = new URL('/', deps.consoleUrl)
      await deps.sessions.close(c)
      if (viewer === null) return c.redirect(home.href, 303)
      const onward = await farewell(deps, viewer.session.issuer, home)
      return c.html(asHtml(<GoodbyePage locale={c.var.visit.locale} onward={onward} />))
    })
}

/** The body's own issuer, or that of the company named. `null`: no such company. */
function issuerFor(bundle: Bundle, company: string | undefined): string | null {
  if (company === undefined) return bundle.document.varco.controller.identity_provider.issuer
  return bundle.processors.get(company as ProcessorId)?.identity_provider.issuer ?? null
}

/** The session here is over; the provider's own ends on its page, if it answers. */
async function farewell(deps: LoginDeps, issuer: string, home: URL): Promise<string> {
  try {
    return ((await deps.identityProvider(issuer).endSessionUrl(home)) ?? home).href
  } catch (error) {
    deps.diagnostics.warn('identity provider not reached at logout', faultFields(error))
    return home.href
  }
}
