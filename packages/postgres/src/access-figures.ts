import { UnavailableError, type Micros } from '@varco/core'
import type { AccessFigure, AccessFigures } from '@varco/reports'
import type { Database } from './database.ts'

interface FigureRow {
  readonly month: string
  readonly kind: string
  readonly decision: 'permit' | 'deny' | null
  readonly processor: string | null
  readonly purpose: string | null
  readonly report: string | null
  readonly contract: string | null
  readonly count: string
  readonly workers: string
}

/** Counts over the access log, made by the database: on Citus each worker counts its own part. */
export function postgresAccessFigures(database: Pick<Database, 'pool'>): AccessFigures {
  return {
    count: async (from, to, timeZone) => {
      try {
        return await count(database, from, to, timeZone)
      } catch (cause) {
        throw new UnavailableError('access log', { cause })
      }
    },
  }
}

async function count(
  { pool }: Pick<Database, 'pool'>,
  from: Micros,
  to: Micros,
  timeZone: string,
): Promise<AccessFigure[]> {
  const { rows } = await pool.query<FigureRow>(
    `SELECT to_char((timestamptz 'epoch' + (at_us / 1000000) * interval '1 second') AT TIME ZONE $3, 'YYYY-MM') AS month,
            body ->> 'kind' AS kind,
            body ->> 'decision' AS decision,
            body ->> 'processor' AS processor,
            body ->> 'purpose' AS purpose,
            body -> 'detail' ->> 'report' AS report,
            body ->> 'contract' AS contract,
            count(*) AS count,
            count(DISTINCT body ->> 'operator') AS workers
       FROM varco.events
      WHERE at_us >= $1 AND at_us < $2
      GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    [from, to, timeZone],
  )
  return rows.map((row) => ({ ...row, count: Number(row.count), workers: Number(row.workers) }))
}
