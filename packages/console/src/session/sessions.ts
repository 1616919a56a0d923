import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { MICROS_PER_SECOND, type Micros } from '@varco/core'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import type { SessionStore } from './session-store.ts'

/** Half an hour without a request ends a session: the desk may be shared. */
const IDLE: Micros = 30n * 60n * MICROS_PER_SECOND
/** A working day ends it whatever happens. */
const LIFETIME: Micros = 10n * 3_600n * MICROS_PER_SECOND
/** How late `seenAt` may lag, so that reading pages does not write a row each time. */
const SEEN_EVERY: Micros = 60n * MICROS_PER_SECOND

/** How long a proof of who the person is holds for sensitive acts: enough to fill in a form. */
const PROOF_LIFE: Micros = 10n * 60n * MICROS_PER_SECOND

const COOKIE = 'varco-session'

/** A person whom an identity provider has vouched for. */
export interface SignedInPerson {
  readonly issuer: string
  readonly externalId: string
  readonly name: string | null
}

/** The same, with when they were made to prove it on purpose, for a sensitive act; `null`: they were not. */
export interface ProvedPerson extends SignedInPerson {
  readonly provedAt: Micros | null
}

/** A session that is alive now, as the rest of one request uses it. */
export interface LiveSession extends SignedInPerson {
  /** What the browser alone keeps; keys derived from it die with the session. */
  readonly secret: string
  /** What every form of this session must send back. */
  readonly csrf: string
  /** Whether the person proved who they are in the last ten minutes. */
  readonly provedLately: boolean
}

export interface Sessions {
  /** Starts a session under a new secret, whatever the browser sent, and ends the one it had. */
  open(c: Context, person: ProvedPerson, now: Micros): Promise<void>
  current(c: Context, now: Micros): Promise<LiveSession | null>
  close(c: Context): Promise<void>
}

export interface SessionsOptions {
  readonly store: SessionStore
  /** 256 random bits as text, new at each call. */
  readonly newSecret: () => string
  /** Whether people reach the console over TLS. */
  readonly secure: boolean
}

export function createSessions({ store, newSecret, secure }: SessionsOptions): Sessions {
  const cookie: CookieOptions = { path: '/', httpOnly: true, sameSite: 'Lax', ...hostOnly(secure) }
  const secretOf = (c: Context): string | undefined =>
    secure ? getCookie(c, COOKIE, 'host') : getCookie(c, COOKIE)

  return {
    async open(c, person, now) {
      const before = secretOf(c)
      if (before !== undefined) await store.remove(keyOf(before))
      const secret = newSecret()
      await store.insert({ ...person, key: keyOf(secret), createdAt: now, seenAt: now })
      await store.sweep({ createdBefore: now - LIFETIME, seenBefore: now - IDLE })
      setCookie(c, COOKIE, secret, cookie)
    },

    async current(c, now) {
      const secret = secretOf(c)
      if (secret === undefined) return null
      const session = await store.find(keyOf(secret))
      if (session === null) return null
      if (now - session.createdAt > LIFETIME || now - session.seenAt > IDLE) {
        await store.remove(session.key)
        return null
      }
      if (now - session.seenAt >= SEEN_EVERY) await store.seen(session.key, now)
      const { issuer, externalId, name, provedAt } = session
      const provedLately = provedAt !== null && now - provedAt <= PROOF_LIFE
      return { issuer, externalId, name, secret, csrf: csrfOf(secret), provedLately }
    },

    async close(c) {
      const secret = secretOf(c)
      if (secret !== undefined) await store.remove(keyOf(secret))
      deleteCookie(c, COOKIE, cookie)
    },
  }
}

/** The attributes that tie a cookie to this host and to TLS, where there is TLS. */
export function hostOnly(secure: boolean): CookieOptions {
  return secure ? { secure: true, prefix: 'host' } : {}
}

/** Compares in constant time. */
export function isCsrfToken(session: LiveSession, sent: unknown): boolean {
  if (typeof sent !== 'string') return false
  const expected = Buffer.from(session.csrf)
  const given = Buffer.from(sent)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function csrfOf(secret: string): string {
  return createHmac('sha256', secret).update('varco console csrf').digest('base64url')
}
