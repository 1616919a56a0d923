import type { ProofOfPossession } from '@varco/policy'
import type { Visit } from '../visit.ts'
import type { Identity } from './token-verifier.ts'

export type PossessionFault = 'invalid-token' | 'invalid-proof' | 'busy'

/** How a token came: its scheme in `Authorization`, and itself. */
export interface SentToken {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
}

/**
 * Whether whoever sent a token holds what it is bound to; `null`: they do, or it is bound to nothing and need not be.
 * @param demanded what the bundle demands of the issuer's tokens
 */
export async function possessionFault(
  visit: Visit,
  { scheme, token }: SentToken,
  { boundTo: { key, certificate } }: Identity,
  demanded: ProofOfPossession | null,
): Promise<PossessionFault | null> {
  if (demanded === 'dpop' && key === null) return 'invalid-token'
  if (demanded === 'client-certificate' && certificate === null) return 'invalid-token'
  if (certificate !== null && certificate !== certificateOf(visit)) return 'invalid-proof'
  // RFC 9449, section 7.1: neither a bound token as a bearer's, nor a bearer's with a proof that binds nothing.
  if ((key === null) !== (scheme === 'bearer')) return 'invalid-proof'
  if (key === null) return null
  const { gate, header, method, now, path } = visit
  const proof = header('dpop')
  if (proof === undefined || gate.publicUrl === null) return 'invalid-proof'
  const url = `${gate.publicUrl.replace(/\/$/, '')}${path}`
  const found = await gate.keyProofs.check(proof, { method, url, token, thumbprint: key, now })
  return found === 'proven' ? null : found === 'full' ? 'busy' : 'invalid-proof'
}

function certificateOf({ gate, header, peer }: Visit): string | null {
  return gate.fronts.thumbprintOf(peer(), header('client-cert'))
}
