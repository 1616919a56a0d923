import {
  exportLog,
  openAccessLogReader,
  subjectLookup,
  type AccessLog,
  type LogKeys,
} from '@varco/access-log'
import type { Database, PostgresLogStore } from '@varco/postgres'
import { median, subjectName } from './workload.ts'

const ASKED = 60

export interface Searching {
  /** All events of one data subject, as the store finds them: SQL and nothing else. */
  readonly sqlP50Ms: number
  /** The same as an export: recorded, decoded, written as CSV. */
  readonly exportP50Ms: number
  readonly rows: number
}

/** Looks up data subjects one after the other, none twice. */
export async function measureSearching(
  store: PostgresLogStore,
  keys: LogKeys,
  log: AccessLog,
  generation: number,
): Promise<Searching> {
  const reader = openAccessLogReader({ store, keys })
  const lookup = subjectLookup(keys.lookup)
  const found: number[] = []
  const exported: number[] = []
  let rows = 0
  for (let i = 0; i < 2 * ASKED; i++) {
    const dataSubject = { kind: 'producer', id: subjectName(generation, i * 151) }
    const started = performance.now()
    if (i < ASKED) {
      for await (const { sideRows } of store.accessesOf(lookup(dataSubject))) rows += sideRows.length
      found.push(performance.now() - started)
    } else {
      const query = {
        reader,
        log,
        query: { dataSubject },
        format: 'csv',
        requestId: `export-${i}`,
        operator: null,
      } as const
      for await (const text of exportLog({ ...query, reason: 'bench' }))
        if (text === '') throw new Error('nothing to export')
      exported.push(performance.now() - started)
    }
  }
  return { sqlP50Ms: median(found), exportP50Ms: median(exported), rows: rows / ASKED }
}

/** Bytes on disk, indexes and all, of events, side rows, checkpoints and tiles. */
export async function logBytes({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT sum(pg_relation_size(oid)) AS bytes FROM pg_class
     WHERE relnamespace = 'varco'::regnamespace AND relname ~ '^(events|disclosures|checkpoints|tiles|heads)'`,
  )
  return Number(rows[0]?.bytes ?? 0)
}
