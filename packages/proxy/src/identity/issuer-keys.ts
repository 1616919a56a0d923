import { MICROS_PER_SECOND, UnavailableError, type Clock, type Micros } from '@varco/core'
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import { BackingOff } from './backing-off.ts'

export interface IssuerKeysOptions {
  /** Issuer to the address where it is reached, if another than its own. */
  readonly addresses: Readonly<Record<string, string>>
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
}

const TIMEOUT_MS = 3_000
/** After a key nobody knows, how long not to ask again: an attacker's `kid` must not make us hammer the issuer. */
const COOLDOWN_MS = 10_000
const CACHE_MS = 600_000
/** How long an issuer's word on where its keys are is taken. */
const REDISCOVER: Micros = 3_600n * MICROS_PER_SECOND

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() })

interface Issuer {
  readonly backingOff: BackingOff
  keys: JWTVerifyGetKey | null
  discoveredAt: Micros
  discovering: Promise<JWTVerifyGetKey> | null
}

/**
 * The signing keys of each issuer, found by OpenID discovery, fetched when needed and kept for a while. A key that is
 * new is found when the first token names it; an issuer that does not answer is asked less and less often.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions
  readonly #issuers = new Map<string, Issuer>()

  constructor(options: IssuerKeysOptions) {
    this.#options = options
  }

  /**
   * @param issuer one the bundle trusts, never a token's word alone
   * @throws UnavailableError when the issuer does not answer, or answers for another
   */
  async of(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#issuers.get(issuer) ?? {
      backingOff: new BackingOff(this.#options),
      keys: null,
      discoveredAt: 0n,
      discovering: null,
    }
    this.#issuers.set(issuer, known)
    const { keys, discoveredAt } = known
    if (keys !== null && this.#options.clock.now() < discoveredAt + REDISCOVER) return keys
    known.discovering ??= this.#discover(issuer, known).finally(() => {
      known.discovering = null
    })
    // Where its keys were an hour ago still serves while it cannot say where they are now.
    return keys === null ? known.discovering : known.discovering.catch(() => keys)
  }

  async #discover(issuer: string, known: Issuer): Promise<JWTVerifyGetKey> {
    const address = (this.#options.addresses[issuer] ?? issuer).replace(/\/$/, '')
    try {
      const response = await known.backingOff.fetch(`${address}/.well-known/openid-configuration`, {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const found = discoverySchema.parse(await response.json())
      if (found.issuer !== issuer) throw new UnavailableError('identity provider')
      // Behind another address the provider may still speak of its own: its keys are then reached there too.
      const keysAddress = found.jwks_uri.startsWith(`${issuer}/`)
        ? address + found.jwks_uri.slice(issuer.length)
        : found.jwks_uri
      known.keys = createRemoteJWKSet(new URL(keysAddress), {
        timeoutDuration: TIMEOUT_MS,
        cooldownDuration: COOLDOWN_MS,
        cacheMaxAge: CACHE_MS,
        [customFetch]: (url, init) => known.backingOff.fetch(url, init),
      })
      known.discoveredAt = this.#options.clock.now()
      return known.keys
    } catch (cause) {
      known.backingOff.failed()
      throw new UnavailableError('identity provider', { cause })
    }
  }
}
