import { MICROS_PER_SECOND, UnavailableError, VarcoError, type Micros } from '@varco/core'
import * as oidc from 'openid-client'
import * as z from 'zod'
import type { SignedInPerson } from '../session/sessions.ts'

/** The identity provider said no, or answered something that cannot be trusted. */
export class LoginRefusedError extends VarcoError {
  readonly code = 'login-refused'
}

/** What must be known at the return from the identity provider: kept sealed in the browser meanwhile. */
export const loginAttemptSchema = z.strictObject({
  issuer: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Page to show afterwards. */
  to: z.string(),
  /** Microseconds since 1970, as text. */
  startedAt: z.string().regex(/^\d{1,20}$/),
  /** Who must prove anew who they are (`sub`); `null`: anybody may sign in. */
  again: z.string().nullable(),
})
export type LoginAttempt = z.infer<typeof loginAttemptSchema>

export interface IdentityProvider {
  readonly issuer: string
  /** Where to send the browser, and what to remember of it. */
  begin(options?: {
    /** Whoever it is proves it anew, also with a session of the provider's under way. */
    readonly again: boolean
  }): Promise<{ readonly url: URL; readonly proof: Pick<LoginAttempt, 'state' | 'nonce' | 'verifier'> }>
  /**
   * Takes the code to the token endpoint and checks the ID token: signature, issuer, audience, nonce, times;
   * where a new proof was asked for, that it is one, of that very person.
   * @throws LoginRefusedError, UnavailableError
   */
  finish(
    callback: URL,
    attempt: Pick<LoginAttempt, 'state' | 'nonce' | 'verifier' | 'again' | 'startedAt'>,
    now: Micros,
  ): Promise<SignedInPerson>
  /** Where the browser ends the provider's own session; `null` when it offers no such page. */
  endSessionUrl(returnTo: URL): Promise<URL | null>
}

export interface IdentityProviderOptions {
  /** The `iss` of its tokens: a stable URL, which need not be where it is reached. */
  readonly issuer: string
  /** Base URL under which it is reached. Plain http on loopback only. */
  readonly address: string
  readonly clientId: string
  /** `null`: a public client, on PKCE alone. */
  readonly clientSecret: string | null
  readonly redirectUri: URL
}

const SERVICE = 'identity provider'
/** By how much the provider's clock may be behind. */
const CLOCK_SKEW_SECONDS = 30

/** OpenID Connect, authorisation code with PKCE. Metadata is fetched at the first use and kept once good. */
export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  let known: Promise<oidc.Configuration> | null = null
  const configuration = async (): Promise<oidc.Configuration> => {
    known ??= discover(options)
    try {
      return await known
    } catch (cause) {
      known = null
      throw cause instanceof VarcoError ? cause : new UnavailableError(SERVICE, { cause })
    }
  }

  return {
    issuer: options.issuer,

    async begin({ again } = { again: false }) {
      const config = await configuration()
      const verifier = oidc.randomPKCECodeVerifier()
      const proof = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier }
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: options.redirectUri.href,
        scope: 'openid profile',
        state: proof.state,
        nonce: proof.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // OpenID Connect Core 3.1.2.1: either alone is enough; not every provider knows both.
        ...(again ? { prompt: 'login', max_age: '0' } : {}),
      })
      return { url, proof }
    },

    async finish(callback, attempt, now) {
      const config = await configuration()
      const age = Number((now - BigInt(attempt.startedAt)) / MICROS_PER_SECOND)
      const tokens = await exchange(config, callback, attempt, age + CLOCK_SKEW_SECONDS)
      const claims = tokens.claims()
      if (claims === undefined) throw new LoginRefusedError('the identity provider sent no ID token')
      if (attempt.again !== null && attempt.again !== claims.sub) {
        throw new LoginRefusedError('somebody else proved who they are')
      }
      return { issuer: options.issuer, externalId: claims.sub, name: nameIn(claims) }
    },

    async endSessionUrl(returnTo) {
      const config = await configuration()
      if (config.serverMetadata().end_session_endpoint === undefined) return null
      return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: returnTo.href })
    },
  }
}

async function exchange(
  config: oidc.Configuration,
  callback: URL,
  { state, nonce, verifier, again }: Pick<LoginAttempt, 'state' | 'nonce' | 'verifier' | 'again'>,
  maxAge: number,
): ReturnType<typeof oidc.authorizationCodeGrant> {
  try {
    return await oidc.authorizationCodeGrant(config, callback, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
      // The token must then say when the proof was given, and that must be after the attempt began.
      ...(again === null ? {} : { maxAge }),
    })
  } catch (cause) {
    // `fetch` rejects with a TypeError when nobody answers; openid-client says no with errors of its own.
    if (cause instanceof TypeError || isTimeout(cause)) throw new UnavailableError(SERVICE, { cause })
    throw new LoginRefusedError('the identity provider’s answer was refused', { cause })
  }
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof oidc.ClientError && cause.code === 'OAUTH_TIMEOUT'
}

function nameIn(claims: Readonly<Record<string, unknown>>): string | null {
  const name = claims['name'] ?? claims['preferred_username']
  return typeof name === 'string' && name !== '' ? name.slice(0, 80) : null
}

const metadataSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  end_session_endpoint: z.url().optional(),
})

/**
 * Reads the provider's metadata at its address, holds it to the stable issuer, and leads every endpoint
 * that is named under the issuer to the address.
 */
async function discover(options: IdentityProviderOptions): Promise<oidc.Configuration> {
  const { issuer, address, clientId, clientSecret } = options
  const base = address.replace(/\/$/, '')
  assertTrustworthy(base)
  const response = await fetch(`${base}/.well-known/openid-configuration`, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new UnavailableError(SERVICE)
  const metadata = metadataSchema.parse(await response.json())
  if (metadata.issuer !== issuer) throw new LoginRefusedError('the identity provider names another issuer')

  const reachable = (endpoint: string): string => {
    const url = endpoint.startsWith(`${issuer.replace(/\/$/, '')}/`)
      ? base + endpoint.slice(issuer.replace(/\/$/, '').length)
      : endpoint
    assertTrustworthy(url)
    return url
  }
  const server: oidc.ServerMetadata = {
    issuer,
    authorization_endpoint: reachable(metadata.authorization_endpoint),
    token_endpoint: reachable(metadata.token_endpoint),
    jwks_uri: reachable(metadata.jwks_uri),
    ...(metadata.end_session_endpoint === undefined
      ? {}
      : { end_session_endpoint: reachable(metadata.end_session_endpoint) }),
    ...(metadata['authorization_response_iss_parameter_supported'] === true
      ? { authorization_response_iss_parameter_supported: true }
      : {}),
    ...signingAlgorithms(metadata['id_token_signing_alg_values_supported']),
  }
  const config = new oidc.Configuration(
    server,
    clientId,
    {},
    clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
  )
  config.timeout = 10
  // The address is checked above to be https or loopback.
  if (new URL(base).protocol === 'http:') oidc.allowInsecureRequests(config)
  // The token's signature counts even where the channel is not TLS.
  oidc.enableNonRepudiationChecks(config)
  return config
}

function signingAlgorithms(
  advertised: unknown,
): Pick<oidc.ServerMetadata, 'id_token_signing_alg_values_supported'> {
  const names = z.array(z.string()).safeParse(advertised)
  return names.success ? { id_token_signing_alg_values_supported: names.data } : {}
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

function assertTrustworthy(address: string): void {
  const url = new URL(address)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))) return
  throw new LoginRefusedError('the identity provider must be reached over https, or on this machine')
}
