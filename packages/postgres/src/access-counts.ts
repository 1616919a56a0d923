import type { Micros } from '@varco/core'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { SETTLED_US } from './settled.ts'

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
  count(span: {
    readonly from: Micros
    readonly to: Micros
    readonly now: Micros
  }): Promise<readonly AccessCount[]>
}

const HOUR_US = 3_600_000_000n
/** Of all hours, also those of readers whose clocks are half an hour apart. */
const HOURS_KEPT = 200

/** Each body is taken apart once: reading member by member takes as many times as long. */
const COUNT = `SELECT ((at_us - $1) / 3600000000)::int AS hour, processor, purpose, decision,
         CASE WHEN decision = 'deny' THEN reasons ->> 0 END AS reason,
         decision = 'permit' AND json_array_length(masked) > 0 AS masked,
         count(*)::int AS count
    FROM varco.events,
         json_to_record(body) AS e (kind text, processor text, purpose text, decision text, reasons json, masked json)
   WHERE at_us >= $1 AND at_us < $2 AND kind = 'access'
   GROUP BY 1, 2, 3, 4, 5, 6`

/**
 * Hours that are over are counted once by each process, the others at each question.
 * Throws `UnavailableError` while the log cannot be read.
 */
export function postgresAccessCounts({ pool }: Pick<Database, 'pool'>): PostgresAccessCounts {
  const kept = new Map<Micros, readonly AccessCount[]>()
  return {
    count: async ({ from, to, now }) => {
      let start = from
      while (start + HOUR_US <= to && kept.has(start)) start += HOUR_US
      const before = hoursBetween(from, start).flatMap((hour, index) => inHour(kept.get(hour) ?? [], index))
      if (start >= to) return before
      const found = await counted(pool, start, to)
      for (const [index, hour] of hoursBetween(start, to).entries()) {
        if (hour + HOUR_US > to || hour + HOUR_US + SETTLED_US > now) break
        const ofHour = found.filter((count) => count.hour === index)
        kept.set(hour, ofHour)
      }
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - HOURS_KEPT))) kept.delete(oldest)
      const skipped = hoursBetween(from, start).length
      return [...before, ...found.map((count) => ({ ...count, hour: count.hour + skipped }))]
    },
  }
}

/** The instants hours begin at. */
function hoursBetween(from: Micros, to: Micros): readonly Micros[] {
  return Array.from(
    { length: Number((to - from + HOUR_US - 1n) / HOUR_US) },
    (_, n) => from + BigInt(n) * HOUR_US,
  )
}

function inHour(counts: readonly AccessCount[], hour: number): readonly AccessCount[] {
  return counts.map((count) => ({ ...count, hour }))
}

async function counted(
  pool: Pick<Database, 'pool'>['pool'],
  from: Micros,
  to: Micros,
): Promise<readonly AccessCount[]> {
  const { rows } = await available('access log', () =>
    pool.query<AccessCount & Record<string, unknown>>({
      name: 'console-access-counts',
      text: COUNT,
      values: [from, to],
    }),
  )
  return rows
}
