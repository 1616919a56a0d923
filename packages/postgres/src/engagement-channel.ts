import type { EngagementChange } from '@varco/engagement'

/** Where every node hears of changes to the engagement. */
export const ENGAGEMENT_CHANNEL = 'varco_engagement'

/** Parameters of `SELECT pg_notify($1, $2)`. Said within the transaction that makes the change, it is heard at commit. */
export function engagementNotice(change: EngagementChange): readonly [channel: string, payload: string] {
  return [ENGAGEMENT_CHANNEL, JSON.stringify(change)]
}
