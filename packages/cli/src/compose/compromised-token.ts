import { MICROS_PER_SECOND, type Micros } from '@varco/core'
import type { EngagementStore, PeopleDirectory } from '@varco/engagement'
import * as z from 'zod'

/** What a stolen token opened: the accesses of those it stood for, while it lived. */
export interface CompromisedToken {
  readonly operator: string
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
}

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: z.number().positive(),
  exp: z.number().positive(),
})

/** In seconds: no less than the proxy lets a clock be late or early by. */
const SKEW = 60n

/**
 * Reads a JSON Web Token for a breach's scope: the log keeps no token, but who it stood for and when it lived are in it. Its
 * signature is not looked at: whoever compiles the scope vouches for it, and a false one finds what the log has, no more.
 * @returns `several` where its bearer worked under several pseudonyms while it lived, be it one after the other: the scope
 * names one
 */
export async function compromisedToken(
  token: string,
  { whoIs, assignmentsOf }: Pick<EngagementStore, 'whoIs'> & Pick<PeopleDirectory, 'assignmentsOf'>,
): Promise<CompromisedToken | 'no-token' | 'unknown' | 'several'> {
  const claims = claimsSchema.safeParse(claimsOf(token.trim()))
  if (!claims.success) return 'no-token'
  const { iss, sub, iat, exp } = claims.data
  const from = (BigInt(Math.floor(iat)) - SKEW) * MICROS_PER_SECOND
  const to = (BigInt(Math.floor(exp)) + SKEW) * MICROS_PER_SECOND
  const known = await whoIs(iss, sub, from)
  const assignments = known === null ? [] : await assignmentsOf(known.operator.id)
  const borne = assignments.filter((each) => each.from < to && (each.to === null || each.to > from))
  const pseudonyms = [...new Set(borne.map(({ pseudonym }) => pseudonym))]
  const [operator] = pseudonyms
  if (operator === undefined) return 'unknown'
  if (pseudonyms.length > 1) return 'several'
  return { operator, from, to }
}

function claimsOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
