import { faultFields, type Diagnostics } from '@varco/core'
import {
  errors,
  interactionPolicy,
  Provider,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider'
import { DEMO_CLIENT_ID, DEMO_GRANT, registerDemoGrant } from './demo-grant.ts'
import type { People } from './demo-person.ts'
import { expiringStore } from './expiring-store.ts'
import { failedPage, loggedOutPage, logoutPage } from './notice-page.ts'
import { localeOf, pageHeaders, renderPage, type Page } from './page.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Lives of what is issued, in seconds: short, for nothing issued here can be taken back. */
export const TOKEN_SECONDS = 15 * 60
const LOGIN_SECONDS = 10 * 60
const SESSION_SECONDS = 60 * 60

/** The console, as the issuer knows it: a confidential client with authorization code and PKCE. */
export interface ConsoleClient {
  readonly id: string
  readonly secret: string
  readonly redirectUris: readonly string[]
  /** Origins the login and the logout may send the browser back to. */
  readonly origins: readonly string[]
}

export interface IssuerOptions {
  /** The stable `iss`; where it is really reached is another thing. */
  readonly issuer: string
  /** Path it is mounted under, without slashes. */
  readonly path: string
  readonly people: People
  readonly keys: SigningKeys
  readonly console: ConsoleClient
  /** The proxy's audience: the one resource access tokens are for. */
  readonly audience: string
  readonly log: Diagnostics
}

/**
 * One OpenID provider. Its addresses follow from the request's `Host` and the mount path, its `issuer` does
 * not: so tokens carry a stable name wherever the demo happens to listen.
 */
export function createIssuerProvider(options: IssuerOptions): Provider {
  const { issuer, path, people, keys, audience, log } = options
  const proxy: ResourceServer = {
    scope: 'records',
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: TOKEN_SECONDS,
    jwt: { sign: { alg: 'ES256' } },
  }
  const show = (ctx: KoaContextWithOIDC, page: Page): void => {
    ctx.set(pageHeaders(options.console.origins))
    ctx.body = renderPage(page)
  }
  const provider = new Provider(issuer, {
    adapter: expiringStore(),
    jwks: { keys: [keys.token] },
    clients: [
      {
        client_id: options.console.id,
        client_secret: options.console.secret,
        redirect_uris: options.console.redirectUris,
        post_logout_redirect_uris: options.console.origins.map((origin) => `${origin}/`),
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      {
        client_id: DEMO_CLIENT_ID,
        token_endpoint_auth_method: 'none',
        grant_types: [DEMO_GRANT],
        response_types: [],
        redirect_uris: [],
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    // The console reads the name from the ID token and asks for nothing more.
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => {
      const person = people.bySub(sub)
      if (person === null) return undefined
      return {
        accountId: sub,
        claims: () => ({ sub, name: person.name ?? person.username, preferred_username: person.username }),
      }
    },
    pkce: { required: () => true },
    cookies: {
      // Every issuer, and the console, live on one host: a browser tells cookies apart by name, not by port.
      names: {
        session: `varco_idp_${path}`,
        interaction: `varco_idp_${path}_login`,
        resume: `varco_idp_${path}_resume`,
      },
      long: { path: `/${path}`, httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      keys: [keys.cookie],
    },
    interactions: {
      policy: askAlways(),
      url: (_ctx, interaction) => `/${path}/interaction/${interaction.uid}`,
    },
    loadExistingGrant: grantEverything(audience, proxy.scope),
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: TOKEN_SECONDS,
      AuthorizationCode: 60,
      IdToken: TOKEN_SECONDS,
      Interaction: LOGIN_SECONDS,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
    },
    renderError: (ctx, out) => {
      show(ctx, failedPage(localeFrom(ctx), out.error))
    },
    discovery: { ui_locales_supported: ['it', 'en'] },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== audience) throw new errors.InvalidTarget()
          return proxy
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          show(ctx, logoutPage(localeFrom(ctx), form))
        },
        postLogoutSuccessSource: (ctx) => {
          show(ctx, loggedOutPage(localeFrom(ctx)))
        },
      },
    },
  })
  registerDemoGrant(provider, people, { audience, server: proxy })
  const onFault = (error: unknown): void => {
    log.error('the demo identity provider failed', { issuer, ...faultFields(error) })
  }
  provider.on('server_error', (_ctx, error) => {
    onFault(error)
  })
  // Koa prints raw errors to the console unless somebody listens; the provider's types leave the event out.
  const koa: NodeJS.EventEmitter = provider
  koa.on('error', onFault)
  return provider
}

/** Asks who one is at every login, for in a demo one visitor plays many people; consent is the body's, not theirs. */
function askAlways(): interactionPolicy.Prompt[] {
  const policy = interactionPolicy.base()
  policy.remove('consent')
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check(
        'ask_always',
        'each login asks who one is',
        (ctx) => ctx.oidc.result?.login === undefined,
      ),
    )
  return policy
}

function grantEverything(audience: string, scope: string) {
  return async (ctx: KoaContextWithOIDC) => {
    const { client, account, provider } = ctx.oidc
    if (client === undefined || account === undefined) return undefined
    const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId })
    grant.addOIDCScope('openid profile')
    grant.addResourceScope(audience, scope)
    await grant.save()
    return grant
  }
}

function localeFrom(ctx: KoaContextWithOIDC): ReturnType<typeof localeOf> {
  return localeOf([ctx.get('accept-language')])
}
