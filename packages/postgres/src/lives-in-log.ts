import type { LivesInLog } from '@varco/retention'
import { available } from './available.ts'
import type { Database } from './database.ts'

/** The log's own entries of the steps that were taken; those of months that were pruned are gone. */
export function postgresLivesInLog({ pool }: Pick<Database, 'pool'>): LivesInLog {
  return async (contracts) => {
    const { rows } = await available('access log', () =>
      pool.query<{ contract: string; state: string; ended_us: string | null }>(LIVES, [contracts]),
    )
    return new Map(
      rows.map(({ contract, state, ended_us: endedUs }) => [
        contract,
        { state, endedAt: endedUs === null ? null : BigInt(endedUs) },
      ]),
    )
  }
}

/** Few in any log, and found by the index `events_acts`. One that was only proposed is no step. */
const LIVES = `SELECT body ->> 'contract' AS contract,
    (array_agg(body -> 'detail' ->> 'to' ORDER BY at_us DESC, writer DESC, epoch DESC, seq DESC))[1] AS state,
    max(at_us) FILTER (WHERE body -> 'detail' ->> 'to' = 'frozen') AS ended_us
  FROM varco.events
  WHERE act IN ('contract-terminated', 'contract-moved') AND body ->> 'contract' = ANY($1::text[])
    AND body -> 'detail' ->> 'taken' = 'true' AND body -> 'detail' ->> 'to' IS NOT NULL
  GROUP BY 1`
