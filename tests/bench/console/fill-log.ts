import { openAccessLog, type AccessLogWriter, type LogKeys } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId } from '@varco/core'
import type { ManualClock } from '@varco/core/testing'
import type { Database, PostgresLogStore } from '@varco/postgres'

const DAY_US = 86_400_000_000n
const MONTHS = 12
/** One access in so many is to the data of the person the bench looks for. */
const OF_ONE_PERSON = 50_000
const TICKETS = 5_000

export interface FilledLog extends AsyncDisposable {
  readonly log: AccessLogWriter
  /** A real event, whose proof holds. */
  readonly event: string
}

/**
 * A year of the log that ends at the clock's time, which is turned back for it: a real event a month, and between them copies of one of them, made by the
 * database. The copies are in no tree: the pages look at rows, and only the page of one event at its proof.
 */
export async function fillLog(deps: {
  readonly database: Database
  readonly store: PostgresLogStore
  readonly keys: LogKeys
  readonly clock: ManualClock
  readonly events: number
  /** The side rows' name for the person the bench looks for: a uuid. */
  readonly person: string
}): Promise<FilledLog> {
  const { database, store, keys, clock, events, person } = deps
  const month = (DAY_US * 365n) / BigInt(MONTHS)
  clock.advance(-month * BigInt(MONTHS))
  const log = await openAccessLog({ store, keys, clock, writer: asId('console-1') })
  const first = await log.append(eventDraft({ processor: 'aurora', contract: 'aurora-2026' }))
  const { rows } = await database.pool.query<{ body: string; at: string }>(
    `SELECT body::text AS body, at_us::text AS at FROM varco.events WHERE body ->> 'kind' = 'access'`,
  )
  const template = rows[0]
  if (template === undefined) throw new Error('no event to copy')
  await makePartitions(database, clock.now(), clock.now() + month * BigInt(MONTHS))
  const months = Array.from({ length: MONTHS }, (_, index) => ({
    template,
    ...{ from: clock.now() + month * BigInt(index), span: month, person },
    first: Math.floor((events / MONTHS) * index),
    count: Math.floor(events / MONTHS),
  }))
  // Two at a time: the database has a process for each.
  await Promise.all(
    [0, 1].map(async (lane) => {
      for (const one of months.filter((_, index) => index % 2 === lane)) await copies(database, one)
    }),
  )
  let event: string = first.id
  for (let index = 0; index < MONTHS; index++) {
    clock.advance(month)
    const appended = await log.append(eventDraft({ processor: 'aurora', contract: 'aurora-2026' }))
    event = appended.id
  }
  await fillTickets(database, clock.now() - month * BigInt(MONTHS), month * BigInt(MONTHS))
  await fillCounts(database)
  await database.pool.query('VACUUM ANALYZE varco.events')
  await database.pool.query('VACUUM ANALYZE varco.disclosures')
  return { log, event, [Symbol.asyncDispose]: () => log[Symbol.asyncDispose]() }
}

/** Each opened and closed again, some of them about one another's data subject; of the last nobody knows. */
async function fillTickets({ pool }: Database, from: bigint, span: bigint): Promise<void> {
  await pool.query(
    `INSERT INTO varco.tickets (id, contract, data_subject, purpose, status, opened_us, closed_us)
     SELECT 'T-' || n, 'aurora-2026', 'P-' || n % 4000, 'invoice-enquiry', 'closed', at_us, at_us + 900000000
       FROM generate_series(0, ${TICKETS} - 2) AS n, LATERAL (SELECT $1::bigint + n * $2::bigint / ${TICKETS} AS at_us) a`,
    [from, span],
  )
  await pool.query(
    `INSERT INTO varco.ticket_changes (ticket, digest, contract, at_us, received_us, status, data_subject, purpose, price, source)
     SELECT t.id, md5(t.id || c.status), t.contract, c.at_us, c.at_us, c.status, t.data_subject, t.purpose, c.price, 'feed'
       FROM varco.tickets t, LATERAL (VALUES ('open', t.opened_us, NULL), ('closed', t.closed_us, 4.2)) AS c (status, at_us, price)`,
  )
  await pool.query('VACUUM ANALYZE varco.tickets, varco.ticket_changes')
}

/** What the watch would have counted, by months of the body's calendar: how many people, and not who, is all that pages ask. */
async function fillCounts({ pool }: Database): Promise<void> {
  await pool.query(
    `INSERT INTO varco.oversight_work (contract, month, dimension, value, decision, accesses, first_us, last_us, evidence)
     SELECT body ->> 'contract', to_char(to_timestamp(at_us / 1e6) AT TIME ZONE 'Europe/Rome', 'YYYY-MM'), 'purpose',
         body ->> 'purpose', body ->> 'decision', count(*), min(at_us), max(at_us), '{}'
       FROM varco.events WHERE act IS NULL GROUP BY 1, 2, 4, 5`,
  )
  await pool.query(
    `INSERT INTO varco.oversight_workers (counted, workers, fifth_us)
     SELECT concat_ws('|', contract, month, dimension, value, decision), array_agg(md5(n::text)::uuid), first_us
       FROM varco.oversight_work, generate_series(1, 97) AS n GROUP BY contract, month, dimension, value, decision`,
  )
}

/** Those of the log's store, all at once: it makes them as its own events come. */
async function makePartitions({ pool }: Database, from: bigint, to: bigint): Promise<void> {
  const date = new Date(Number(from / 1_000n))
  for (let index = 0; ; index++) {
    const [start, end] = [index, index + 1].map((more) =>
      Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more),
    )
    if (start === undefined || end === undefined || BigInt(start) * 1_000n > to) return
    const name = new Date(start).toISOString().slice(0, 7).replace('-', '_')
    for (const table of ['events', 'disclosures']) {
      const partition = `varco.${table}_${name}`
      const { rowCount } = await pool.query('SELECT FROM pg_class WHERE oid = to_regclass($1)', [partition])
      if (rowCount === 1) continue
      await pool.query(`CREATE TABLE ${partition} (LIKE varco.${table} INCLUDING ALL)`)
      await pool.query(
        `ALTER TABLE varco.${table} ATTACH PARTITION ${partition} FOR VALUES FROM (${start}000) TO (${end}000)`,
      )
    }
  }
}

interface Copies {
  readonly template: { readonly body: string; readonly at: string }
  readonly from: bigint
  readonly span: bigint
  readonly first: number
  readonly count: number
  readonly person: string
}

async function copies(
  { pool }: Database,
  { template, from, span, first, count, person }: Copies,
): Promise<void> {
  await pool.query(
    `WITH made AS (
       SELECT n, ($2::bigint + (n - $4::bigint) * $3::bigint / $5::bigint) AS at_us
         FROM generate_series($4::bigint, $4::bigint + $5::bigint - 1) AS n
     ), events AS (
       INSERT INTO varco.events (writer, epoch, seq, at_us, operator, ticket, act, denied, body)
       SELECT 'filler', 1, n, at_us, 'op-' || n % 97, 'T-' || n % ${TICKETS}, NULL, n % 12 = 0,
              replace(replace(replace(replace($1::text,
                '"at":"' || $6 || '"', '"at":"' || at_us || '"'),
                '"operator":"op-7f3a"', '"operator":"op-' || n % 97 || '"'),
                '"ticket":"T-100"', '"ticket":"T-' || n % ${TICKETS} || '"'),
                '"decision":"permit"', CASE WHEN n % 12 = 0 THEN '"decision":"deny"' ELSE '"decision":"permit"' END)::json
         FROM made
     )
     INSERT INTO varco.disclosures (writer, epoch, seq, pos, at_us, subject, resource, record_key, salt)
     SELECT 'filler', 1, n, 0, at_us,
            CASE WHEN n % ${OF_ONE_PERSON} = 0 THEN $7::uuid ELSE md5((n % 40000)::text)::uuid END,
            'invoice', n::text, '\\x00'::bytea
       FROM made`,
    [template.body, from, span, first, count, template.at, person],
  )
}
