import type { Pseudonym } from '@varco/core'
import type { ToldInLog } from '@varco/retention'
import { available } from './available.ts'
import type { Database } from './database.ts'

/** The log's own entries, the last of each record first; those of months that were pruned are gone. */
export function postgresToldInLog({ pool }: Pick<Database, 'pool'>): ToldInLog {
  return async (resource, event, hashes) => {
    if (hashes.length === 0) return new Map()
    const { rows } = await available('access log', () =>
      pool.query<{ hash: string; id: string; on: string | null; operator: Pseudonym }>(TOLD_LAST, [
        resource,
        event,
        hashes,
      ]),
    )
    return new Map(rows.map(({ hash, id, on, operator: toldBy }) => [hash, { id, on, toldBy }]))
  }
}

/** The expression and the kinds are those of the index `events_of_records`. */
const TOLD_LAST = `SELECT DISTINCT ON (body -> 'detail' ->> 'record')
    body -> 'detail' ->> 'record' AS hash, body -> 'detail' ->> 'id' AS id, body -> 'detail' ->> 'on' AS on, operator
  FROM varco.events
  WHERE act IN ('retention-event-told', 'retention-event-withdrawn') AND body -> 'detail' ->> 'record' = ANY($3::text[])
    AND body ->> 'resource' = $1 AND body -> 'detail' ->> 'event' = $2
  ORDER BY body -> 'detail' ->> 'record', at_us DESC, writer DESC, epoch DESC, seq DESC`
