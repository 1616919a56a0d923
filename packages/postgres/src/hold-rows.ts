import { asId } from '@varco/core'
import type { Hold, HoldScope } from '@varco/retention'
import type pg from 'pg'
import { HOLDS_LOCK } from './holds-lock.ts'

export const HOLDS_IN_FORCE = 'SELECT * FROM varco.holds WHERE released_us IS NULL ORDER BY placed_us, id'

/**
 * Begins a transaction during which no hold can be placed beside those it returns, read once that is so: by a snapshot of its own,
 * however the database is set. That of a stricter transaction is as old as its waiting for the lock.
 */
export async function beginUnderHolds(client: pg.PoolClient): Promise<readonly Hold[]> {
  const results = (await client.query(
    `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock_shared(${HOLDS_LOCK}); ${HOLDS_IN_FORCE}`,
  )) as unknown as readonly pg.QueryResult<HoldRow>[]
  return (results.at(-1)?.rows ?? []).map(toHold)
}

export interface HoldRow {
  readonly id: string
  readonly scope: string
  readonly case: string
  readonly reason: string
  readonly placed_by: string
  readonly placed_us: string
  readonly review_us: string | null
  readonly reviewed_by: string | null
  readonly reviewed_us: string | null
  readonly review_reason: string | null
  readonly released_by: string | null
  readonly released_us: string | null
}

export function toHold(row: HoldRow): Hold {
  const { id, reason } = row
  return {
    ...{ id, reason },
    case: row.case,
    scope: JSON.parse(row.scope) as HoldScope,
    placedBy: asId(row.placed_by),
    placedAt: BigInt(row.placed_us),
    reviewAt: row.review_us === null ? null : BigInt(row.review_us),
    reviewed: reviewOf(row),
    releasedBy: row.released_by === null ? null : asId(row.released_by),
    releasedAt: row.released_us === null ? null : BigInt(row.released_us),
  }
}

function reviewOf({ reviewed_by: by, reviewed_us: at, review_reason: reason }: HoldRow): Hold['reviewed'] {
  return by === null || at === null ? null : { by: asId(by), at: BigInt(at), reason: reason ?? '' }
}
