import { UnavailableError, VarcoError } from '@varco/core'
import { DEMO_CLIENT_ID, DEMO_GRANT } from './demo-grant.ts'

/** The demo issuer knows no such person, or the password is another. */
export class DemoLoginError extends VarcoError {
  readonly code = 'demo-login'
}

export interface DemoToken {
  /** A signed JWT for the proxy. */
  readonly accessToken: string
  /** Seconds it is good for. */
  readonly expiresIn: number
}

/**
 * Gets a real signed token for a person of the demo, as `varco token` and the day do.
 * @param address base address of the person's issuer, from `IdentityProvider.addresses`
 * @throws DemoLoginError for a wrong username or password
 * @throws UnavailableError when the demo is not running
 */
export async function requestDemoToken(
  address: string,
  person: { username: string; password: string },
): Promise<DemoToken> {
  const response = await fetch(`${address}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: DEMO_GRANT,
      client_id: DEMO_CLIENT_ID,
      username: person.username,
      password: person.password,
    }),
  }).catch((cause: unknown) => {
    throw new UnavailableError('the demo identity provider', { cause })
  })
  if (!response.ok) throw new DemoLoginError(`no demo login for ${person.username} at ${address}`)
  const body = (await response.json()) as { access_token: string; expires_in: number }
  return { accessToken: body.access_token, expiresIn: body.expires_in }
}
