import type { MonthTies } from '@varco/oversight'
import type { Pool } from 'pg'

type TiesRow = Pick<MonthTies, 'month'> & Readonly<Record<'accesses' | 'without', string>>

/** What `countTicketUses` has counted of some months, both included; `null` while it has not come to their end. */
export async function ticketTies(
  pool: Pool,
  contract: string | null,
  { from, to }: { readonly from: string; readonly to: string },
  purposes: readonly string[],
): Promise<readonly MonthTies[] | null> {
  // One statement, one snapshot: what is counted, and how far.
  const { rows } = await pool.query<{ readonly counted: boolean; readonly months: string | null }>(TIES, [
    ...[contract ?? '', `${from}-01`, `${to}-01`, purposes],
  ])
  if (rows[0]?.counted !== true) return null
  const months = JSON.parse(rows[0].months ?? '[]') as TiesRow[]
  return months.map(({ month, accesses, without }) => ({
    ...{ month, accesses: Number(accesses), accessesWithoutTicket: Number(without) },
  }))
}

const TIES = `SELECT coalesce(counted_to >= $3::date + interval '1 month', false) AS counted, (
    SELECT json_agg(m) FROM (
      SELECT to_char(day, 'YYYY-MM') AS month, sum(accesses)::text AS accesses,
        coalesce(sum(without) FILTER (WHERE purpose = ANY($4::text[])), 0)::text AS without
        FROM varco.ticket_uses WHERE contract = $1 AND day >= $2::date AND day < $3::date + interval '1 month' GROUP BY 1 ORDER BY 1) m) AS months
  FROM varco.ticket_use_progress WHERE job = 'ticket-uses'`
