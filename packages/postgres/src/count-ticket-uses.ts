import type { Micros } from '@varco/core'
import type { PoolClient } from 'pg'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { inTransaction } from './in-transaction.ts'
import { SETTLED_US } from './settled.ts'

/** What is counted in one transaction: a process that ends in between leaves little to do again. */
const DAYS_AT_ONCE = 7

export interface CountTicketUses {
  readonly now: Micros
  /** Whose days are counted: the body's. */
  readonly timeZone: string
  /** Asked between two transactions. */
  readonly isStopped?: () => boolean
}

/**
 * Counts the permitted accesses of the days that are over and not counted yet, for `OversightFigures.ties`; and takes those that
 * named an unknown ticket for accesses with one where it has been told of since. Of two who count, one waits for the other.
 * @throws UnavailableError when the database cannot be reached; what was counted until then stays
 */
export async function countTicketUses(
  { pool }: Pick<Database, 'pool'>,
  { now, timeZone, isStopped = () => false }: CountTicketUses,
): Promise<void> {
  await available('oversight', async () => {
    await pool.query(RECOGNISE)
    while (!isStopped())
      if (await inTransaction(pool, (client) => countSome(client, timeZone, now - SETTLED_US))) return
  })
}

interface ProgressRow {
  readonly zone: string
  readonly counted_to: string | null
  /** The day of the log's first event; `null`: there is none. */
  readonly oldest: string | null
  /** The first day that is not over. */
  readonly ending: string
}

/** @returns whether all days that are over are counted */
async function countSome(client: PoolClient, zone: string, settled: Micros): Promise<boolean> {
  const { rows } = await client.query<ProgressRow>(PROGRESS, [zone, settled])
  const [progress] = rows
  if (progress === undefined) throw new Error('nothing says how far accesses are counted by ticket')
  const { oldest, ending } = progress
  const isSameZone = progress.zone === zone
  if (!isSameZone) await client.query(COUNT_ANEW)
  const countedTo = isSameZone ? (progress.counted_to ?? '') : ''
  if (countedTo >= ending) return true
  const first = oldest ?? ending
  const from = countedTo > first ? countedTo : first
  await client.query(FORGET_PRUNED, [first, zone])
  await client.query(COUNT, [from, ending, zone])
  const { rows: after } = await client.query<{ to: string }>(COUNTED, [zone, from, ending])
  return (after[0]?.to ?? '') >= ending
}

const DAY_OF = (at: string): string =>
  `((timestamptz 'epoch' + (${at} / 1000000) * interval '1 second') AT TIME ZONE $1)::date::text`

const PROGRESS = `SELECT zone, counted_to::text, ${DAY_OF('$2::bigint')} AS ending,
    (SELECT ${DAY_OF('at_us')} FROM varco.events ORDER BY at_us LIMIT 1) AS oldest
  FROM varco.ticket_use_progress WHERE job = 'ticket-uses' FOR UPDATE`

const COUNTED = `UPDATE varco.ticket_use_progress
    SET zone = $1, counted_to = greatest(least($2::date + ${DAYS_AT_ONCE}, $3::date), counted_to)
  WHERE job = 'ticket-uses' RETURNING counted_to::text AS to`

const COUNT_ANEW = `WITH uses AS (DELETE FROM varco.ticket_uses), unknown AS (DELETE FROM varco.ticket_uses_unknown)
  UPDATE varco.ticket_use_progress SET counted_to = NULL WHERE job = 'ticket-uses'`

/** What was pruned of the log is not kept here. */
const FORGET_PRUNED = `WITH unknown AS (DELETE FROM varco.ticket_uses_unknown WHERE day < $1::date),
    spans AS (DELETE FROM varco.ticket_spans WHERE last_us < extract(epoch FROM $1::timestamp AT TIME ZONE $2)::bigint * 1000000)
  DELETE FROM varco.ticket_uses WHERE day < $1::date`

/**
 * Day by day, each through the index on time. The log's tickets and those that are known are ordered by different rules: without
 * saying by which no index serves.
 */
const COUNT = `WITH seen AS (
    SELECT d::date AS day, u.* FROM generate_series($1::date, least($1::date + ${DAYS_AT_ONCE}, $2::date) - 1, interval '1 day') AS d
    CROSS JOIN LATERAL (
      SELECT coalesce(body ->> 'contract', '') AS contract, coalesce(body ->> 'purpose', '') AS purpose,
        e.ticket, t.id IS NOT NULL AS is_known, count(*) AS accesses, min(at_us) AS first_us, max(at_us) AS last_us
        FROM varco.events e LEFT JOIN varco.tickets t ON t.id = e.ticket COLLATE "default"
       WHERE at_us >= extract(epoch FROM d::timestamp AT TIME ZONE $3)::bigint * 1000000
         AND at_us < extract(epoch FROM (d + interval '1 day')::timestamp AT TIME ZONE $3)::bigint * 1000000
         AND act IS NULL AND NOT denied
       GROUP BY 1, 2, 3, 4) u
  ), unknown AS (
    INSERT INTO varco.ticket_uses_unknown (ticket, contract, day, purpose, accesses)
    SELECT ticket, contract, day, purpose, accesses FROM seen WHERE ticket IS NOT NULL AND NOT is_known
  ), spans AS (
    INSERT INTO varco.ticket_spans AS s (ticket, first_us, last_us)
    SELECT ticket, min(first_us), max(last_us) FROM seen WHERE ticket IS NOT NULL GROUP BY ticket
    ON CONFLICT (ticket) DO UPDATE
      SET first_us = least(s.first_us, excluded.first_us), last_us = greatest(s.last_us, excluded.last_us)
  )
  INSERT INTO varco.ticket_uses (contract, day, purpose, accesses, without)
  SELECT contract, day, purpose, sum(accesses), coalesce(sum(accesses) FILTER (WHERE NOT is_known), 0)
    FROM seen GROUP BY contract, day, purpose`

const RECOGNISE = `WITH known AS (
    DELETE FROM varco.ticket_uses_unknown u USING varco.tickets t
     WHERE t.id = u.ticket COLLATE "default" RETURNING u.contract, u.day, u.purpose, u.accesses
  )
  UPDATE varco.ticket_uses k SET without = k.without - s.accesses
    FROM (SELECT contract, day, purpose, sum(accesses) AS accesses FROM known GROUP BY 1, 2, 3) s
   WHERE (k.contract, k.day, k.purpose) = (s.contract, s.day, s.purpose)`
