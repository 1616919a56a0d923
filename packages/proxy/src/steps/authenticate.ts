import { UnavailableError } from '@varco/core'
import { ALGORITHMS } from '../identity/algorithms.ts'
import { possessionFault, type PossessionFault, type SentToken } from '../identity/possession.ts'
import type { Identity, TokenFault } from '../identity/token-verifier.ts'
import { refusal, unavailable } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'

const AUTHORIZATION = /^(Bearer|DPoP) +([A-Za-z0-9\-._~+/]+=*)$/i

/** Step 1: who sends this, by a token that an issuer trusted by the bundle signed for us, and that is theirs to use. */
export async function authenticate(visit: Visit): Promise<Identity | Refusal> {
  const { gate, bundle, header } = visit
  const sent = header('authorization')
  if (sent === undefined) return refusal('no-token', { headers: { 'www-authenticate': 'Bearer' } })
  const found = readToken(sent)
  if (found === null) return invalid('invalid-token')
  try {
    const identity = await gate.verifier.verify(found.token, (issuer) => bundle.issuers.has(issuer))
    if (typeof identity === 'string') return invalid(identity)
    const demanded = bundle.proofs.get(identity.issuer) ?? null
    const fault = await possessionFault(visit, found, identity, demanded)
    return fault === null ? identity : invalid(fault)
  } catch (error) {
    if (error instanceof UnavailableError) return unavailable()
    throw error
  }
}

function readToken(sent: string): SentToken | null {
  const [, scheme, token] = AUTHORIZATION.exec(sent) ?? []
  if (token === undefined) return null
  return { scheme: scheme?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token }
}

function invalid(code: TokenFault | PossessionFault): Refusal {
  if (code === 'busy') return unavailable('busy')
  const challenge =
    code === 'invalid-proof'
      ? `DPoP error="invalid_dpop_proof", algs="${ALGORITHMS.join(' ')}"`
      : 'Bearer error="invalid_token"'
  return refusal(code, { headers: { 'www-authenticate': challenge } })
}
