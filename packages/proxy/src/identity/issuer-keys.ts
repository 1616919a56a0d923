import { UnavailableError } from '@varco/core'
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'

export interface IssuerKeysOptions {
  /** Issuer to the address where it is reached, if another than its own. */
  readonly addresses: Readonly<Record<string, string>>
  readonly fetch: typeof globalThis.fetch
}

const TIMEOUT_MS = 3_000
/** After a key nobody knows, how long not to ask again: an attacker's `kid` must not make us hammer the issuer. */
const COOLDOWN_MS = 10_000
const CACHE_MS = 600_000
const RETRY_AFTER_MS = 1_000

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() })

/** The signing keys of each issuer, found by OpenID discovery, fetched when needed and kept for a while. */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions
  readonly #found = new Map<string, Promise<JWTVerifyGetKey>>()

  constructor(options: IssuerKeysOptions) {
    this.#options = options
  }

  /**
   * @param issuer one the bundle trusts, never a token's word alone
   * @throws UnavailableError when the issuer does not answer, or answers for another
   */
  of(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#found.get(issuer)
    if (known !== undefined) return known
    const found = this.#discover(issuer)
    this.#found.set(issuer, found)
    // An issuer that does not answer is asked again, but not by every request in between.
    found.catch(() => setTimeout(() => this.#found.delete(issuer), RETRY_AFTER_MS).unref())
    return found
  }

  async #discover(issuer: string): Promise<JWTVerifyGetKey> {
    const address = (this.#options.addresses[issuer] ?? issuer).replace(/\/$/, '')
    const { fetch } = this.#options
    try {
      const response = await fetch(`${address}/.well-known/openid-configuration`, {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      if (!response.ok) throw new UnavailableError('identity provider')
      const found = discoverySchema.parse(await response.json())
      if (found.issuer !== issuer) throw new UnavailableError('identity provider')
      // Behind another address the provider may still speak of its own: its keys are then reached there too.
      const keys = found.jwks_uri.startsWith(`${issuer}/`)
        ? address + found.jwks_uri.slice(issuer.length)
        : found.jwks_uri
      return createRemoteJWKSet(new URL(keys), {
        timeoutDuration: TIMEOUT_MS,
        cooldownDuration: COOLDOWN_MS,
        cacheMaxAge: CACHE_MS,
        [customFetch]: fetch,
      })
    } catch (cause) {
      throw new UnavailableError('identity provider', { cause })
    }
  }
}
