import { subjectLookup } from '@varco/access-log'
import { UnavailableError } from '@varco/core'
import type { OversightFigures, RefusalFigure, WorkFigure } from '@varco/oversight'
import type { KeyObject } from 'node:crypto'
import type { Database } from './database.ts'
import { ticketTies } from './ticket-ties.ts'

type WorkRow = Pick<WorkFigure, 'month' | 'dimension' | 'value' | 'decision' | 'evidence'> &
  Readonly<Record<'accesses' | 'workers' | 'first_us', string>> & { readonly fifth_us: string | null }
type RefusalRow = Pick<RefusalFigure, 'month' | 'purpose' | 'resource' | 'reason' | 'field'> &
  Readonly<Record<'refusals' | 'granted' | 'minutes' | 'workers' | 'granted_workers', string>>

/** The counts behind drift, friction and ticket reports, added up by the database. */
export function postgresOversightFigures({ pool }: Pick<Database, 'pool'>, key: KeyObject): OversightFigures {
  const lookup = subjectLookup(key)
  const ask = async <Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    const { rows } = await available(() => pool.query<Row & Record<string, unknown>>(text, [...values]))
    return rows
  }
  return {
    work: async (contract, from, to) => {
      const rows = await ask<WorkRow>(WORK, [contract ?? '', from, to])
      return rows.map(({ first_us: first, fifth_us: fifth, ...row }) => ({
        ...row,
        accesses: Number(row.accesses),
        workers: Number(row.workers),
        firstAt: BigInt(first),
        fifthAt: fifth === null ? null : BigInt(fifth),
      }))
    },
    refusals: async (contract, from, to) => {
      const rows = await ask<RefusalRow>(REFUSALS, [contract ?? '', from, to])
      return rows.map(({ granted_workers: grantedWorkers, ...row }) => ({
        ...row,
        refusals: Number(row.refusals),
        granted: Number(row.granted),
        minutes: Number(row.minutes),
        workers: Number(row.workers),
        grantedWorkers: Number(grantedWorkers),
      }))
    },
    tickets: async (contract, from, to) => {
      const rows = await ask<{
        id: string
        data_subject: string | null
        purpose: string
        opened_us: string
        closed_us: string | null
        reopened: string
        price: string | null
      }>(TICKETS, [contract, from, to])
      return rows.map(
        ({ id, purpose, data_subject: person, opened_us: opened, closed_us: closed, ...told }) => ({
          id,
          purpose,
          dataSubject:
            person === null
              ? null
              : Buffer.from(lookup({ kind: 'watch:episode', id: person }), 'latin1').toString('hex'),
          openedAt: Number(opened),
          closedAt: closed === null ? null : Number(closed),
          reopened: Number(told.reopened),
          price: told.price === null ? null : Number(told.price),
        }),
      )
    },
    ties: (contract, from, to, purposes) =>
      available(() => ticketTies(pool, contract, { from, to }, purposes)),
    unusedTickets: async (contract, from, to) => {
      const [row] = await ask<Record<'unused', string>>(UNUSED, [contract, from, to])
      return Number(row?.unused ?? 0)
    },
  }
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new UnavailableError('oversight', { cause })
  }
}

const WORK = `SELECT w.month, w.dimension, w.value, w.decision, w.accesses, w.first_us, w.evidence,
    (SELECT cardinality(workers) FROM varco.oversight_workers p
      WHERE p.counted = concat_ws('|', w.contract, w.month, w.dimension, w.value, w.decision)) AS workers,
    (SELECT fifth_us FROM varco.oversight_workers p
      WHERE p.counted = concat_ws('|', w.contract, w.month, w.dimension, w.value, w.decision)) AS fifth_us
  FROM varco.oversight_work w WHERE w.contract = $1 AND w.month BETWEEN $2 AND $3
  ORDER BY w.month, w.dimension, w.value, w.decision`

const REFUSALS = `SELECT r.month, r.purpose, r.resource, r.reason, r.field, r.refusals, r.granted, r.minutes,
    (SELECT cardinality(workers) FROM varco.oversight_workers p
      WHERE p.counted = concat_ws('|', r.contract, r.month, r.purpose, r.resource, r.reason, r.field)) AS workers,
    (SELECT cardinality(workers) FROM varco.oversight_workers p
      WHERE p.counted = concat_ws('|', r.contract, r.month, r.purpose, r.resource, r.reason, r.field, 'granted')) AS granted_workers
  FROM varco.oversight_refusals r WHERE r.contract = $1 AND r.month BETWEEN $2 AND $3
  ORDER BY r.month, r.purpose, r.resource, r.reason, r.field`

/**
 * Tickets with what their history tells, in the order in which it happened: of two messages at one moment the closing is the
 * later. Handing a ticket over is no message of its system's.
 */
const TICKETS = `WITH opened AS (
    SELECT id, data_subject, purpose, opened_us, closed_us FROM varco.tickets
     WHERE contract IS NOT DISTINCT FROM $1 AND opened_us >= $2 AND opened_us < $3
  ), told AS (
    SELECT ticket, status, price, row_number() OVER told AS place, lag(status) OVER told AS before
      FROM varco.ticket_changes WHERE ticket IN (SELECT id FROM opened) AND source <> 'transfer'
    WINDOW told AS (PARTITION BY ticket ORDER BY at_us, status DESC, digest COLLATE "C")
  ), history AS (
    SELECT ticket, count(*) FILTER (WHERE status = 'open' AND before = 'closed') AS reopened,
        (array_agg(price ORDER BY place DESC))[1] AS price
      FROM told GROUP BY ticket
  )
  SELECT t.id, t.data_subject, t.purpose, t.opened_us, t.closed_us, coalesce(h.reopened, 0) AS reopened, h.price
    FROM opened t LEFT JOIN history h ON h.ticket = t.id ORDER BY t.opened_us, t.id`

/** Tickets of the period that no access of it named; the log is asked of those alone that were named before it and after it. */
const UNUSED = `SELECT count(*) AS unused FROM varco.tickets t LEFT JOIN varco.ticket_spans s ON s.ticket = t.id COLLATE "C"
  WHERE t.contract IS NOT DISTINCT FROM $1::text AND t.opened_us >= $2 AND t.opened_us < $3
    AND CASE WHEN s.ticket IS NULL OR s.first_us >= $3 OR s.last_us < $2 THEN true
      WHEN s.first_us >= $2 OR s.last_us < $3 THEN false
      ELSE (SELECT true FROM varco.events e WHERE e.ticket = s.ticket AND e.at_us >= $2 AND e.at_us < $3
        AND e.act IS NULL AND NOT e.denied LIMIT 1) IS NULL END`
