import { hash } from 'node:crypto'
import { microsToDate, MICROS_PER_SECOND, UnavailableError, type Clock, type Micros } from '@varco/core'
import {
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose'
import * as z from 'zod'
import { ALGORITHMS } from './algorithms.ts'

/** Who a token speaks for, once everything about it has been checked. */
export interface Identity {
  readonly issuer: string
  /** The token's `sub`. */
  readonly externalId: string
  readonly boundTo: Binding
}

/** What a token may be used with only (`cnf`, RFC 7800), by SHA-256 thumbprint; `null`: not bound to such a thing. */
export interface Binding {
  /** RFC 9449. */
  readonly key: string | null
  /** RFC 8705. */
  readonly certificate: string | null
}

export type TokenFault = 'invalid-token' | 'expired-token'

export interface TokenVerifierOptions {
  /** @throws UnavailableError */
  readonly keysOf: (issuer: string) => Promise<JWTVerifyGetKey>
  readonly audience: string
  readonly clock: Clock
}

const TYPES: ReadonlySet<string | undefined> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt'])
const MAX_TOKEN_CHARS = 8_192
const MAX_SUB_CHARS = 255
/** A token bound to anything else cannot be shown to be its sender's. */
const confirmationSchema = z
  .strictObject({ jkt: thumbprint(), 'x5t#S256': thumbprint() })
  .partial()
  .refine((cnf) => Object.keys(cnf).length > 0)
const CLOCK_SKEW_SECONDS = 5
/** However long an issuer lets its tokens live. */
const MAX_TOKEN_AGE_SECONDS = 43_200
/** A key that was withdrawn stops working after this long at the latest. */
const REMEMBERED_FOR: Micros = 300n * MICROS_PER_SECOND
const CAPACITY = 10_000

interface Remembered {
  readonly identity: Identity
  readonly until: Micros
}

/**
 * Checks access tokens: signature by the issuer's published key, algorithm, type, audience, times. Checking costs a
 * tenth of a millisecond, so a token that passed is remembered, by its hash, until it ends.
 */
export class TokenVerifier {
  readonly #options: TokenVerifierOptions
  readonly #known = new Map<string, Remembered>()

  constructor(options: TokenVerifierOptions) {
    this.#options = options
  }

  /**
   * @param trusts whether the bundle in force trusts an issuer: asked each time, of remembered tokens too
   * @throws UnavailableError when the issuer's keys cannot be had
   */
  async verify(token: string, trusts: (issuer: string) => boolean): Promise<Identity | TokenFault> {
    if (token.length > MAX_TOKEN_CHARS) return 'invalid-token'
    const key = hash('sha256', token, 'base64url')
    const known = this.#known.get(key)
    const now = this.#options.clock.now()
    if (known !== undefined && now < known.until) {
      return trusts(known.identity.issuer) ? known.identity : 'invalid-token'
    }
    this.#known.delete(key)
    const checked = await this.#check(token, trusts, now)
    if (typeof checked === 'string') return checked
    this.#remember(key, checked)
    return checked.identity
  }

  async #check(
    token: string,
    trusts: (issuer: string) => boolean,
    now: Micros,
  ): Promise<Remembered | TokenFault> {
    const issuer = claimedIssuer(token)
    if (issuer === null || !trusts(issuer)) return 'invalid-token'
    const keys = await this.#options.keysOf(issuer)
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience: this.#options.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'iat', 'sub'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        maxTokenAge: MAX_TOKEN_AGE_SECONDS,
        currentDate: microsToDate(now),
      })
      return acceptable(payload, protectedHeader, now) ?? 'invalid-token'
    } catch (error) {
      // The library's errors carry the token's claims: nothing of them goes further than their kind.
      if (error instanceof errors.JWTExpired) return 'expired-token'
      if (isTokensFault(error)) return 'invalid-token'
      throw new UnavailableError('identity provider', { cause: error })
    }
  }

  #remember(key: string, checked: Remembered): void {
    this.#known.set(key, checked)
    if (this.#known.size <= CAPACITY) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}

/** Whom the token says it is from: only to find the keys that can show it. */
function claimedIssuer(token: string): string | null {
  try {
    const { iss } = decodeJwt(token)
    return typeof iss === 'string' ? iss : null
  } catch {
    return null
  }
}

function acceptable(
  { iss, sub, exp, cnf }: JWTPayload,
  { typ }: ProtectedHeaderParameters,
  now: Micros,
): Remembered | null {
  if (!TYPES.has(typ?.toLowerCase())) return null
  const boundTo = bindingOf(cnf)
  if (boundTo === null) return null
  // JSON has numbers that are read as infinite.
  if (iss === undefined || exp === undefined || !Number.isFinite(exp)) return null
  // The library checks the claims it is asked to compare, and this is none of them: a list of one name reads like the name.
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUB_CHARS || /\p{Cc}/u.test(sub)) return null
  const ends = BigInt(Math.floor(exp) + CLOCK_SKEW_SECONDS) * MICROS_PER_SECOND
  const until = ends < now + REMEMBERED_FOR ? ends : now + REMEMBERED_FOR
  return { identity: { issuer: iss, externalId: sub, boundTo }, until }
}

/** `null`: bound to something that cannot be checked here, so it must not pass as one that anybody may bear. */
function bindingOf(cnf: unknown): Binding | null {
  if (cnf === undefined) return { key: null, certificate: null }
  const { data } = confirmationSchema.safeParse(cnf)
  return data === undefined ? null : { key: data.jkt ?? null, certificate: data['x5t#S256'] ?? null }
}

function thumbprint(): z.ZodString {
  return z.string().regex(/^[A-Za-z0-9_-]{43}$/)
}

/** Whether the token is at fault, and not the way to the issuer's keys. */
function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.constructor !== errors.JOSEError
  )
}
