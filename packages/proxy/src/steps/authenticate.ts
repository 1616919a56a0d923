import type { Identity } from '../identity/token-verifier.ts'
import { refusal, unavailable } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import { UnavailableError } from '@varco/core'
import type { Visit } from '../visit.ts'

const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/** Step 1: who sends this, by a token that an issuer trusted by the bundle signed for us. */
export async function authenticate({ gate, bundle, header }: Visit): Promise<Identity | Refusal> {
  const sent = header('authorization')
  if (sent === undefined) return refusal('no-token', { headers: { 'www-authenticate': 'Bearer' } })
  const token = BEARER.exec(sent)?.[1]
  if (token === undefined) return invalid('invalid-token')
  try {
    const identity = await gate.verifier.verify(token, (issuer) => bundle.issuers.has(issuer))
    return typeof identity === 'string' ? invalid(identity) : identity
  } catch (error) {
    if (error instanceof UnavailableError) return unavailable()
    throw error
  }
}

function invalid(code: 'invalid-token' | 'expired-token'): Refusal {
  return refusal(code, { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
}
