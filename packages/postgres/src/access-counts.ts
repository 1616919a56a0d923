import { UnavailableError, type Micros } from '@varco/core'
import type { Database } from './database.ts'

/** Accesses that have all this in common, and how many they are. */
interface AccessCount {
  readonly hour: number
  readonly processor: string | null
  readonly purpose: string | null
  readonly decision: 'permit' | 'deny'
  readonly reason: string | null
  readonly masked: boolean
  readonly count: number
}

/** Counts of one day's accesses; fits the console's `AccessCounts`, which this package may not import. */
export interface PostgresAccessCounts {
  count(span: { readonly from: Micros; readonly to: Micros }): Promise<readonly AccessCount[]>
}

/** Each body is taken apart once: reading member by member takes as many times as long. */
const COUNT = `SELECT ((at_us - $1) / 3600000000)::int AS hour, processor, purpose, decision,
         CASE WHEN decision = 'deny' THEN reasons ->> 0 END AS reason,
         decision = 'permit' AND json_array_length(masked) > 0 AS masked,
         count(*)::int AS count
    FROM varco.events,
         json_to_record(body) AS e (kind text, processor text, purpose text, decision text, reasons json, masked json)
   WHERE at_us >= $1 AND at_us < $2 AND kind = 'access'
   GROUP BY 1, 2, 3, 4, 5, 6`

/** Throws `UnavailableError` while the log cannot be read. */
export function postgresAccessCounts({ pool }: Pick<Database, 'pool'>): PostgresAccessCounts {
  return {
    count: async ({ from, to }) => {
      try {
        const { rows } = await pool.query<AccessCount & Record<string, unknown>>({
          name: 'console-access-counts',
          text: COUNT,
          values: [from, to],
        })
        return rows
      } catch (cause) {
        throw new UnavailableError('access log', { cause })
      }
    },
  }
}
