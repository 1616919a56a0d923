import type { Pool } from 'pg'
import { inTransaction } from './in-transaction.ts'

const DAY_US = 86_400_000_000n
/** A day is over when no process can be behind its end any more: the times of a writer only grow. */
const SETTLED_US = 3_600_000_000n

export interface TicketUsesQuery {
  readonly contract: string | null
  readonly from: bigint
  /** Exclusive. */
  readonly to: bigint
  /** Those that work by ticket. */
  readonly purposes: readonly string[]
}

export interface TicketUses {
  readonly accesses: number
  /** Under a purpose that works by ticket, and none, or one that nobody knows. */
  readonly without: number
}

/**
 * Permitted accesses of a period, and those that should have had a ticket. Whole days that are over come from what was added
 * up of them, once each; the rest is counted event by event.
 */
export async function ticketUses(pool: Pool, query: TicketUsesQuery): Promise<TicketUses> {
  const { contract, from, to, purposes } = query
  const settled = (BigInt(Date.now()) * 1_000n - SETTLED_US) / DAY_US
  const first = (from + DAY_US - 1n) / DAY_US
  const end = to / DAY_US < settled ? to / DAY_US : settled
  const days = first < end ? ([dayText(first), dayText(end)] as const) : null
  if (days !== null) await addUp(pool, days)
  const [start, stop] = days === null ? [to, to] : [first * DAY_US, end * DAY_US]
  const { rows } = await pool.query<Record<'accesses' | 'without', string>>(USES, [
    ...[contract ?? '', days?.[0] ?? '1970-01-01', days?.[1] ?? '1970-01-01', purposes],
    ...[from, start, stop, to],
  ])
  return { accesses: Number(rows[0]?.accesses ?? 0), without: Number(rows[0]?.without ?? 0) }
}

function dayText(day: bigint): string {
  return new Date(Number(day * (DAY_US / 1_000n))).toISOString().slice(0, 10)
}

/** Adds up the days, the last excluded, that nobody has: of two who begin, one does it and the other waits for them. */
async function addUp(pool: Pool, [first, end]: readonly [string, string]): Promise<void> {
  const { rows } = await pool.query<{ missing: string }>(MISSING, [first, end])
  if (Number(rows[0]?.missing ?? 0) === 0) return
  await inTransaction(pool, async (client) => {
    await client.query(FORGET)
    await client.query(ADD_UP, [first, end])
  })
}

/**
 * An unknown ticket keeps its name, for it may be told of later; of a known one nothing more is asked. The log's tickets and
 * those that are known are ordered by different rules: without saying by which no index serves.
 */
const TICKET = `CASE WHEN e.ticket IS NULL THEN '' WHEN t.id IS NULL THEN ':' || e.ticket ELSE '=' END`

const MISSING = `SELECT count(*) AS missing FROM generate_series($1::date, $2::date - 1, interval '1 day') AS d
  WHERE NOT EXISTS (SELECT FROM varco.ticket_use_days k WHERE k.day = d::date)`

/** What was pruned of the log is not kept here. */
const FORGET = `WITH oldest AS (SELECT to_timestamp(min(at_us) / 1e6) AT TIME ZONE 'UTC' AS at FROM varco.events),
    gone AS (DELETE FROM varco.ticket_use_days k USING oldest WHERE k.day < oldest.at::date)
  DELETE FROM varco.ticket_uses u USING oldest WHERE u.day < oldest.at::date`

/** Day by day, each through the index on time: those added may lie far apart. */
const ADD_UP = `WITH added AS (
    INSERT INTO varco.ticket_use_days (day)
    SELECT d::date FROM generate_series($1::date, $2::date - 1, interval '1 day') AS d
    ON CONFLICT DO NOTHING RETURNING day, extract(epoch FROM day)::bigint * 1000000 AS since
  )
  INSERT INTO varco.ticket_uses (contract, day, purpose, ticket, accesses)
  SELECT u.contract, a.day, u.purpose, u.ticket, u.accesses FROM added a CROSS JOIN LATERAL (
    SELECT coalesce(body ->> 'contract', '') AS contract, coalesce(body ->> 'purpose', '') AS purpose,
      ${TICKET} AS ticket, count(*) AS accesses
      FROM varco.events e LEFT JOIN varco.tickets t ON t.id = e.ticket COLLATE "default"
     WHERE at_us >= a.since AND at_us < a.since + 86400000000 AND act IS NULL AND NOT denied
     GROUP BY 1, 2, 3) u`

const USES = `WITH uses AS (
    SELECT purpose, ticket, sum(accesses) AS accesses FROM varco.ticket_uses
     WHERE contract = $1 AND day >= $2::date AND day < $3::date GROUP BY purpose, ticket
    UNION ALL
    SELECT coalesce(body ->> 'purpose', ''), ${TICKET}, count(*)
      FROM varco.events e LEFT JOIN varco.tickets t ON t.id = e.ticket COLLATE "default"
     WHERE ((at_us >= $5 AND at_us < $6) OR (at_us >= $7 AND at_us < $8)) AND act IS NULL AND NOT denied
       AND coalesce(body ->> 'contract', '') = $1
     GROUP BY 1, 2
  )
  SELECT coalesce(sum(accesses), 0) AS accesses,
    coalesce(sum(accesses) FILTER (WHERE purpose = ANY($4::text[]) AND ticket <> '='
      AND (ticket = '' OR NOT EXISTS (SELECT FROM varco.tickets t WHERE t.id = substr(uses.ticket, 2) COLLATE "default"))), 0) AS without
  FROM uses`
