import type { Micros } from '@varco/core'
import type { Grant } from '@varco/engagement'

/** How a grant stands at one moment, its end taken into account. */
export const GRANT_STANDINGS = ['asked', 'in-force', 'over', 'refused', 'revoked'] as const
export type GrantStanding = (typeof GRANT_STANDINGS)[number]

export function grantStanding({ state, expiresAt }: Grant, now: Micros): GrantStanding {
  if (state !== 'approved') return state
  return expiresAt !== null && now < expiresAt ? 'in-force' : 'over'
}

/** Of an emergency: whether its review is still to come, and late. */
export function reviewStanding({ emergency }: Grant, now: Micros): 'due' | 'late' | 'done' | null {
  if (emergency === null) return null
  if (emergency.review !== null) return 'done'
  return emergency.reviewDue <= now ? 'late' : 'due'
}
