import { createHash, randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** How a provider may lie in its ID token. */
export interface Lies {
  readonly issuer?: string
  readonly audience?: string
  readonly nonce?: string
  readonly strangersKey?: boolean
  readonly expired?: boolean
  /** Says nothing of when the person proved who they are. */
  readonly noAuthTime?: boolean
  /** Seconds since the person proved who they are, whatever was asked for. */
  readonly staleBy?: number
}

export interface FakeIdentityProvider extends AsyncDisposable {
  readonly issuer: string
  /** Where it is reached, which is not its issuer. */
  readonly address: string
  /** Who logs in next. */
  person: { sub: string; name: string }
  /** What the next ID token says wrongly. */
  lies: Lies
  /** What the metadata call the issuer. */
  announces: string
  readonly seen: { secrets: string[]; challenges: string[]; prompts: string[] }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A small OpenID provider that logs in whoever `person` is, with PKCE, ES256 and RFC 9207 `iss`. */
export async function startFakeIdentityProvider(issuer: string): Promise<FakeIdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const stranger = await generateKeyPair('ES256')
  const codes = new Map<string, { challenge: string; nonce: string; redirectUri: string }>()
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }

  const app = new Hono()
    // Endpoints under the stable issuer: the console must lead them to the address.
    .get('/gse/.well-known/openid-configuration', (c) =>
      c.json({
        issuer: provider.announces,
        authorization_endpoint: `${provider.announces}/auth`,
        token_endpoint: `${provider.announces}/token`,
        jwks_uri: `${provider.address}/jwks`,
        end_session_endpoint: `${provider.announces}/session/end`,
        id_token_signing_alg_values_supported: ['ES256'],
        authorization_response_iss_parameter_supported: true,
      }),
    )
    .get('/gse/jwks', (c) => c.json({ keys: [jwk] }))
    .get('/gse/auth', (c) => {
      const {
        redirect_uri: redirectUri = '',
        state = '',
        nonce = '',
        code_challenge: challenge = '',
      } = c.req.query()
      const code = randomBytes(8).toString('hex')
      codes.set(code, { challenge, nonce, redirectUri })
      provider.seen.prompts.push(c.req.query('prompt') ?? '')
      provider.seen.challenges.push(c.req.query('code_challenge_method') ?? 'none')
      const back = new URL(redirectUri)
      back.search = new URLSearchParams({ code, state, iss: issuer }).toString()
      return c.redirect(back.href, 302)
    })
    .post('/gse/token', async (c) => {
      const form = await c.req.parseBody()
      provider.seen.secrets.push(c.req.header('authorization') ?? '')
      const known = codes.get(text(form['code']))
      codes.delete(text(form['code']))
      const challenge = createHash('sha256').update(text(form['code_verifier'])).digest('base64url')
      if (
        known === undefined ||
        known.challenge !== challenge ||
        known.redirectUri !== form['redirect_uri']
      ) {
        return c.json({ error: 'invalid_grant' }, 400)
      }
      const { lies, person } = provider
      const seconds = Math.floor(Date.now() / 1_000)
      const idToken = await new SignJWT({
        nonce: lies.nonce ?? known.nonce,
        name: person.name,
        ...(lies.noAuthTime === true ? {} : { auth_time: seconds - (lies.staleBy ?? 0) }),
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(lies.issuer ?? issuer)
        .setAudience(lies.audience ?? 'varco-console')
        .setSubject(person.sub)
        .setIssuedAt(lies.expired === true ? '2h ago' : undefined)
        .setExpirationTime(lies.expired === true ? '1h ago' : '5m')
        .sign(lies.strangersKey === true ? stranger.privateKey : privateKey)
      return c.json({ access_token: 'opaque', token_type: 'bearer', expires_in: 300, id_token: idToken })
    })
    .get('/gse/session/end', (c) => c.redirect(c.req.query('post_logout_redirect_uri') ?? '/', 302))

  const server = await new Promise<Server>((resolve) => {
    const starting = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => {
      resolve(starting as Server)
    })
  })
  const { port } = server.address() as { port: number }
  const provider: FakeIdentityProvider = {
    issuer,
    address: `http://127.0.0.1:${port}/gse`,
    person: { sub: 'dpo-1', name: 'Ada Bianchi' },
    lies: {},
    announces: issuer,
    seen: { secrets: [], challenges: [], prompts: [] },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return provider
}
