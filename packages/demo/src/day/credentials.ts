import { generateKeyPair, SignJWT } from 'jose'
import { requestDemoToken } from '../identity-provider/request-demo-token.ts'
import type { DayOperator, PlannedRequest } from './planned-request.ts'

export interface CredentialsOptions {
  /** Issuer to the address where it is reached. */
  readonly addresses: Readonly<Record<string, string>>
  readonly audience: string
}

/** The token a request goes out with; `null` for one that goes without. */
export type Credentials = (planned: PlannedRequest) => Promise<string | null>

/** Logs each operator in once, at the first request that needs it, as their software would in the morning. */
export function dayCredentials(options: CredentialsOptions): Credentials {
  const tokens = new Map<DayOperator, Promise<string>>()
  const own = (operator: DayOperator): Promise<string> => {
    const known = tokens.get(operator)
    if (known !== undefined) return known
    const token = requestDemoToken(options.addresses[operator.issuer] ?? '', operator).then(
      ({ accessToken }) => accessToken,
    )
    tokens.set(operator, token)
    return token
  }
  return async ({ credential, operator }) => {
    if (credential === 'none') return null
    return credential === 'own' ? own(operator) : forge(operator, options.audience)
  }
}

/** What an attacker can make alone: everything right but the key. */
async function forge(operator: DayOperator, audience: string): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256')
  return new SignJWT({ scope: 'records' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'stolen' })
    .setIssuer(operator.issuer)
    .setAudience(audience)
    .setSubject(operator.username)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)
}
