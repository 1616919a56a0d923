import { errors, type Provider, type ResourceServer } from 'oidc-provider'
import type { People } from './demo-person.ts'

/** The grant by which a script gets a person's token with no browser: OAuth's old password grant, for the demo alone. */
export const DEMO_GRANT = 'urn:varco:demo:password'
/** The public client that may use it. */
export const DEMO_CLIENT_ID = 'varco-demo-scripts'

/** Teaches the provider the demo's grant. */
export function registerDemoGrant(
  provider: Provider,
  people: People,
  proxy: { audience: string; server: ResourceServer },
): void {
  provider.registerGrantType<{ username?: unknown; password?: unknown }>(
    DEMO_GRANT,
    async (ctx) => {
      const { username, password } = ctx.oidc.params
      const person = people.check(asText(username), asText(password))
      if (person === null) throw new errors.InvalidGrant('unknown username or wrong password')
      const token = new provider.AccessToken({
        accountId: person.sub,
        client: ctx.oidc.client,
        // Signed and not stored: there is no grant to revoke.
        grantId: 'demo',
        gty: 'demo',
        scope: proxy.server.scope,
        resourceServer: new provider.ResourceServer(proxy.audience, proxy.server),
      })
      ctx.oidc.entity('AccessToken', token)
      ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration }
    },
    ['username', 'password'],
  )
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
