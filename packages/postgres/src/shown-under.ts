import type { ShownUnder } from '@varco/retention'
import { available } from './available.ts'
import type { Database } from './database.ts'

/** What the log's side rows say was disclosed; once they are erased or pruned they say nothing. */
export function postgresShownUnder({ pool }: Pick<Database, 'pool'>): ShownUnder {
  return async (contracts, resource, keys) => {
    if (keys.length === 0) return new Set()
    const { rows } = await available('access log', () =>
      pool.query<{ key: string }>(
        `SELECT DISTINCT d.record_key AS key FROM varco.disclosures AS d
         JOIN varco.events AS e USING (writer, epoch, seq, at_us)
         WHERE d.record_key = ANY($1) AND d.resource = $2 AND e.body ->> 'contract' = ANY($3)`,
        [keys, resource, contracts],
      ),
    )
    return new Set(rows.map(({ key }) => key))
  }
}
