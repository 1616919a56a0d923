import { hash } from 'node:crypto'
import type {
  Cursor,
  ErasableRow,
  FoundEvent,
  FoundSideRow,
  HeldRows,
  StoreQuery,
  SubjectLookup,
} from '@varco/access-log'
import type { Pool, PoolClient } from 'pg'

/** A row of `varco.events` as pg hands it over: 64-bit integers and json as text. */
interface EventRow {
  readonly writer: string
  readonly epoch: number
  readonly seq: string
  readonly at_us: string
  readonly body: string
}

export function foundEvent({ writer, epoch, seq, at_us, body }: EventRow): FoundEvent {
  return { writer, epoch, seq: Number(seq), at: BigInt(at_us), body }
}

/** 16 bytes as latin1 text in PostgreSQL's text form of a uuid. */
export function uuidText(lookup: SubjectLookup): string {
  return Buffer.from(lookup, 'latin1').toString('hex')
}

const PLACE = 'at_us, writer, epoch, seq'
const NEWEST_FIRST = 'at_us DESC, writer DESC, epoch DESC, seq DESC'

/** The body's members that a query may ask for, with the same name in both. */
const MEMBERS = ['contract', 'processor', 'purpose', 'grant', 'requestId', 'resource'] as const

/** Those that stand beside it. */
const COLUMNS = ['operator', 'ticket'] as const

type Param = (value: unknown) => string

/** What stands beside the bodies, and has an index. */
function besideBodies(query: StoreQuery, param: Param): readonly string[] {
  return [
    ...COLUMNS.flatMap((column) => {
      const value = query[column]
      return value === undefined ? [] : [`${column} = ${param(value)}`]
    }),
    ...(query.kind === undefined
      ? []
      : [query.kind === 'access' ? 'act IS NULL' : `act = ${param(query.kind)}`]),
    ...(query.decision === undefined ? [] : [query.decision === 'deny' ? 'denied' : 'NOT denied']),
  ]
}

/** What the bodies alone tell: each that is looked at is read. */
function inBodies(query: StoreQuery, param: Param): readonly string[] {
  const field = query.field === undefined ? null : param(query.field)
  return [
    ...MEMBERS.flatMap((member) => {
      const value = query[member]
      if (value === undefined) return []
      const isSo = `body ->> '${member}' = ${param(value)}`
      if (query.lookAt === undefined) return [isSo]
      // Canonical as bodies are, one that has it has these bytes; looking for them takes a fifth of taking the body apart.
      const written = param(`"${member}":${JSON.stringify(value)}`)
      return [`CASE WHEN strpos(body::text, ${written}) > 0 THEN ${isSo} ELSE false END`]
    }),
    ...(query.decision === 'permit' ? [`body ->> 'decision' = 'permit'`] : []),
    ...(field === null
      ? []
      : [`((body -> 'plain')::jsonb ? ${field} OR (body -> 'masked')::jsonb ? ${field})`]),
  ]
}

function inTime(query: StoreQuery, param: Param): readonly string[] {
  return [
    ...(query.from === undefined ? [] : [`at_us >= ${param(query.from)}`]),
    ...(query.to === undefined ? [] : [`at_us < ${param(query.to)}`]),
    ...(query.after === undefined ? [] : before(query.after, param)),
  ]
}

/** Newest first, one page by key. */
export async function searchEvents(
  source: Pool | PoolClient,
  query: StoreQuery,
): Promise<readonly FoundEvent[]> {
  const values: unknown[] = []
  const param: Param = (value) => `$${values.push(value)}`
  const where = inTime(query, param)
  const beside = besideBodies(query, param)
  const within = inBodies(query, param)
  const side: string[] = []
  if (query.subject !== undefined) side.push(`subject = ${param(uuidText(query.subject))}`)
  if (query.record !== undefined)
    side.push(`record_key = ${param(query.record.key)} AND resource = ${param(query.record.resource)}`)
  const page = `ORDER BY ${NEWEST_FIRST} LIMIT ${param(query.limit)}`
  const looked = isBounded(query)
    ? `(SELECT ${PLACE}, body FROM varco.events ${whereOf([...where, ...beside])} ORDER BY ${NEWEST_FIRST} LIMIT ${param(query.lookAt)}) e ${whereOf(within)}`
    : `varco.events ${whereOf([...where, ...beside, ...within])}`
  const text =
    side.length === 0
      ? `SELECT ${PLACE}, body FROM ${looked} ${page}`
      : `SELECT d.*, e.body
         FROM (SELECT DISTINCT ${PLACE} FROM varco.disclosures ${whereOf([...side, ...where])}) d
         CROSS JOIN LATERAL (${EVENT_OF_SIDE_ROW}) e
         ${whereOf([...beside, ...within])} ${page}`
  const { rows } = await source.query<EventRow>({ name: statementName(text), text, values })
  return rows.map(foundEvent)
}

/** Where a search that looks at so many events ends; from an index alone. */
export async function lookedTo(source: Pool | PoolClient, query: StoreQuery): Promise<Cursor | null> {
  if (!isBounded(query)) return null
  const values: unknown[] = []
  const param: Param = (value) => `$${values.push(value)}`
  const conditions = whereOf([...inTime(query, param), ...besideBodies(query, param)])
  const text = `SELECT ${PLACE} FROM varco.events ${conditions} ORDER BY ${NEWEST_FIRST} OFFSET ${param((query.lookAt ?? 1) - 1)} LIMIT 1`
  const { rows } = await source.query<Omit<EventRow, 'body'>>({ name: statementName(text), text, values })
  const [last] = rows
  return last === undefined
    ? null
    : { at: BigInt(last.at_us), writer: last.writer, epoch: last.epoch, seq: Number(last.seq) }
}

/** Side rows and columns lead to what is looked for; only what bodies alone tell needs a bound. */
function isBounded(query: StoreQuery): boolean {
  if (query.lookAt === undefined || query.subject !== undefined || query.record !== undefined) return false
  return inBodies(query, () => '').length > 0
}

/** `OFFSET 0` keeps the planner from a parallel join over all partitions: one look into the index for each row. */
const EVENT_OF_SIDE_ROW = `SELECT body, operator, ticket, act, denied FROM varco.events e
  WHERE e.writer = d.writer AND e.epoch = d.epoch AND e.seq = d.seq AND e.at_us = d.at_us OFFSET 0`

/** One prepared statement for each shape of question: planning over many partitions takes longer than answering. */
function statementName(text: string): string {
  return `log-search-${hash('sha256', text, 'hex').slice(0, 16)}`
}

function before({ at, writer, epoch, seq }: Cursor, param: Param): readonly string[] {
  const [atParam, writerParam, epochParam, seqParam] = [at, writer, epoch, seq].map(param)
  return [`at_us <= ${atParam}`, `(${PLACE}) < (${atParam}, ${writerParam}, ${epochParam}, ${seqParam})`]
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
}

/** One look into the primary key for each event, however many there are. */
const SIDE_ROWS_OF = `SELECT asked.n::int AS n, d.position, d.resource, d."recordKey"
  FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS asked (writer, epoch, seq, at_us, n)
  CROSS JOIN LATERAL (
    SELECT pos AS position, resource, record_key AS "recordKey" FROM varco.disclosures d
     WHERE d.writer = asked.writer AND d.epoch = asked.epoch AND d.seq = asked.seq AND d.at_us = asked.at_us
       AND d.resource IS NOT NULL ORDER BY pos OFFSET 0
  ) d
  ORDER BY asked.n, d.position`

export async function sideRowsOf(
  source: Pool | PoolClient,
  events: readonly Cursor[],
): Promise<readonly (readonly FoundSideRow[])[]> {
  const { rows } = await source.query<FoundSideRow & { readonly n: number }>({
    name: 'log-side-rows-of',
    text: SIDE_ROWS_OF,
    values: [
      events.map(({ writer }) => writer),
      events.map(({ epoch }) => epoch),
      events.map(({ seq }) => seq),
      events.map(({ at }) => at),
    ],
  })
  const found: FoundSideRow[][] = events.map(() => [])
  for (const { n, ...row } of rows) found[n - 1]?.push(row)
  return found
}

/** Between a page's events, and an event's parts. JSON holds no such character, and records are said in JSON. */
const [BETWEEN_EVENTS, BETWEEN_PARTS] = ['\x1c', '\x1d']

/** A writer's name without them: no writer writes them, but whoever rules the database may, and would make up events or end a page early. */
const WRITER = `translate(d.writer, '${BETWEEN_EVENTS}${BETWEEN_PARTS}', '')`

/** A page is one text: taking 140 rows apart takes the driver a quarter as long as finding them takes the database. */
const ACCESSES = `SELECT string_agg(
    concat_ws('${BETWEEN_PARTS}', ${WRITER}, d.epoch, d.seq, d.at_us, d.records, e.body), '${BETWEEN_EVENTS}'
    ORDER BY d.at_us, d.writer, d.epoch, d.seq
  ) AS page
  FROM (
    SELECT writer, epoch, seq, at_us,
      json_agg(json_build_array(pos, resource, record_key) ORDER BY pos) AS records
    FROM varco.disclosures
    WHERE subject = $1 AND at_us >= $2 AND (at_us, writer, epoch, seq) > ($2, $3, $4, $5)
    GROUP BY at_us, writer, epoch, seq
    ORDER BY at_us, writer, epoch, seq
    LIMIT $6
  ) d
  CROSS JOIN LATERAL (${EVENT_OF_SIDE_ROW}) e`

const PAGE = 1_000
const BEGINNING: Cursor = { at: -1n, writer: '', epoch: 0, seq: 0 }

/** Events that showed records of the data subject, oldest first, read page by page. */
export async function* accessesOf(
  source: Pool | PoolClient,
  subject: SubjectLookup,
): AsyncGenerator<{ readonly event: FoundEvent; readonly sideRows: readonly FoundSideRow[] }> {
  let last = BEGINNING
  for (;;) {
    const { rows } = await source.query<{ readonly page: string | null }>({
      name: 'log-accesses-of',
      text: ACCESSES,
      values: [uuidText(subject), last.at, last.writer, last.epoch, last.seq, PAGE],
    })
    const found = rows[0]?.page?.split(BETWEEN_EVENTS) ?? []
    for (const text of found) {
      const [writer = '', epoch, seq, at = '', records = '', body = ''] = text.split(BETWEEN_PARTS)
      const event = { writer, epoch: Number(epoch), seq: Number(seq), at: BigInt(at), body }
      last = event
      yield { event, sideRows: (JSON.parse(records) as RecordSaid[]).map(sideRowOf) }
    }
    if (found.length < PAGE) return
  }
}

type RecordSaid = readonly [position: number, resource: string | null, recordKey: string | null]

function sideRowOf([position, resource, recordKey]: RecordSaid): FoundSideRow {
  return { position, resource: resource ?? '', recordKey: recordKey ?? '' }
}

const ACTS = `SELECT writer, epoch, seq, at_us, body FROM varco.events
  WHERE act = $1 AND at_us >= $2 AND (at_us, writer, epoch, seq) > ($2, $3, $4, $5)
  ORDER BY at_us, writer, epoch, seq LIMIT $6`

/** Events of one administrative kind, oldest first, read page by page. */
export async function* acts(source: Pool | PoolClient, kind: string): AsyncGenerator<FoundEvent> {
  let last = BEGINNING
  for (;;) {
    const { rows } = await source.query<EventRow>(ACTS, [
      kind,
      last.at,
      last.writer,
      last.epoch,
      last.seq,
      PAGE,
    ])
    for (const row of rows) {
      last = foundEvent(row)
      yield last as FoundEvent
    }
    if (rows.length < PAGE) return
  }
}

/**
 * The subject's rows, and the salts of the filters of the same events: a filter may well hold the person's tax code. Events
 * that show what is held as well stay: the salt is of that too.
 */
const ERASABLE = `SELECT d.writer, d.epoch, d.seq, d.pos, d.at_us, d.subject, d.resource, d.record_key, d.salt
  FROM (
    SELECT DISTINCT writer, epoch, seq, at_us FROM varco.disclosures s WHERE subject = $1 AND NOT EXISTS (
      SELECT FROM varco.disclosures h WHERE h.writer = s.writer AND h.epoch = s.epoch AND h.seq = s.seq AND h.at_us = s.at_us
        AND (h.subject = ANY ($3::uuid[]) OR h.resource = ANY ($4::text[])
          OR (h.resource, h.record_key) IN (SELECT * FROM unnest($5::text[], $6::text[]))))
    ORDER BY at_us, writer, epoch, seq LIMIT $2
  ) e
  JOIN varco.disclosures d USING (writer, epoch, seq, at_us)
  WHERE d.subject = $1 OR d.resource IS NULL
  ORDER BY d.at_us, d.writer, d.epoch, d.seq, d.resource IS NOT NULL, d.pos LIMIT $2`

interface ErasableRecord {
  readonly writer: string
  readonly epoch: number
  readonly seq: string
  readonly pos: number
  readonly at_us: string
  readonly subject: string | null
  readonly resource: string | null
  readonly record_key: string | null
  readonly salt: Buffer
}

export async function erasableRows(
  source: Pool | PoolClient,
  subject: SubjectLookup,
  limit: number,
  { subjects, resources, records }: HeldRows,
): Promise<readonly ErasableRow[]> {
  const { rows } = await source.query<ErasableRecord>(ERASABLE, [
    uuidText(subject),
    limit,
    subjects.map(uuidText),
    resources,
    records.map(({ resource }) => resource),
    records.map(({ key }) => key),
  ])
  return rows.map(({ writer, epoch, seq, pos, at_us, subject: uuid, resource, record_key, salt }) => ({
    ...{
      writer,
      epoch,
      seq: Number(seq),
      position: pos,
      at: BigInt(at_us),
      resource,
      recordKey: record_key,
      salt,
    },
    subject:
      uuid === null
        ? null
        : (Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1') as SubjectLookup),
  }))
}
