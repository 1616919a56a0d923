import { hashesToBytes, type Batch } from '@varco/access-log'
import pg from 'pg'
import type { Database } from './database.ts'
import { byteaArray, int4Array, int8Array, textArray, uuidArray } from './log-binary-array.ts'
import { LogPartitions } from './log-partitions.ts'

/** A commit that takes longer is given up; its outcome is then learnt from the head. */
const TIMEOUT_MS = 10_000

/*
 * Compare-and-set of the head. When it has moved on, the division by zero ends the transaction: what was sent behind, in the same
 * breath, then changes nothing.
 */
const MOVE_HEAD = `WITH moved AS (
    UPDATE varco.heads SET size = $5, at_us = $6, frontier = $7
    WHERE writer = $1 AND epoch = $2 AND size = $3 AND frontier = $4 RETURNING 1
  ) SELECT 1 / count(*) FROM moved`

const NEW_HEAD = `WITH made AS (
    INSERT INTO varco.heads (writer, epoch, size, at_us, frontier) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING RETURNING 1
  ) SELECT 1 / count(*) FROM made`

const DIVISION_BY_ZERO = '22012'

const ADD_EVENTS = `INSERT INTO varco.events (writer, epoch, seq, at_us, body)
  SELECT $1, $2, $3::int8 + n - 1, at_us, body
  FROM unnest($4::int8[], $5::json[]) WITH ORDINALITY AS e (at_us, body, n)`

const ADD_SIDE_ROWS = `INSERT INTO varco.disclosures (writer, epoch, seq, pos, at_us, subject, resource, record_key, salt)
  SELECT $1, $2, seq, pos, at_us, subject, resource, record_key, salt
  FROM unnest($3::int8[], $4::int4[], $5::int8[], $6::uuid[], $7::text[], $8::text[], $9::bytea[])
    AS d (seq, pos, at_us, subject, resource, record_key, salt)`

const ADD_CHECKPOINT = `INSERT INTO varco.checkpoints (writer, epoch, size, at_us, note, leaves)
  VALUES ($1, $2, $3, $4, $5, $6)`

const ADD_TILES = `INSERT INTO varco.tiles (writer, epoch, level, idx, hash)
  SELECT $1, $2, level, idx, hash FROM unnest($3::int4[], $4::int8[], $5::bytea[]) AS t (level, idx, hash)`

const ERASE = `DELETE FROM varco.disclosures d
  USING unnest($1::text[], $2::int4[], $3::int8[], $4::int4[], $5::int8[]) AS e (writer, epoch, seq, pos, at_us)
  WHERE d.writer = e.writer AND d.epoch = e.epoch AND d.seq = e.seq AND d.pos = e.pos AND d.at_us = e.at_us`

/** A commit is durable when it is answered, whatever the server's default is. */
const DURABLE = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

/**
 * Commits batches over connections of its own, one for each commit under way. One round trip a batch: all of it is sent at
 * once, the head first.
 */
export class LogCommitter implements AsyncDisposable {
  readonly #url: string
  readonly #partitions: LogPartitions
  #idle: pg.Client[] = []
  #closed = false

  constructor(database: Database) {
    this.#url = database.url
    this.#partitions = new LogPartitions(database.pool)
  }

  async commit(batch: Batch): Promise<'committed' | 'superseded'> {
    const first = batch.events[0]?.at ?? batch.head.at
    if (!this.#partitions.covers(first) || !this.#partitions.covers(batch.head.at)) {
      await this.#partitions.ensure(first, batch.head.at)
    }
    const client = this.#idle.pop() ?? (await this.#connect())
    try {
      const outcome = await this.#transaction(client, batch)
      if (this.#closed) await client.end()
      else this.#idle.push(client)
      return outcome
    } catch (error) {
      // The connection's state is unknown: the next batch gets a new one.
      client.end().catch(() => {})
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await Promise.all(this.#idle.splice(0).map((client) => client.end()))
  }

  async #transaction(client: pg.Client, batch: Batch): Promise<'committed' | 'superseded'> {
    const [begin, head, ...rest] = await Promise.allSettled([
      client.query('BEGIN'),
      client.query(headQuery(batch)),
      ...rowQueries(batch).map((query) => client.query(query)),
      client.query('COMMIT'),
    ])
    if (
      begin?.status === 'fulfilled' &&
      head?.status === 'rejected' &&
      isSuperseded(head.reason, rest.at(-1))
    )
      return 'superseded'
    const failed = [begin, head, ...rest].find((result) => result?.status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    // A failed statement turns COMMIT into ROLLBACK; this is for the server that says so alone.
    if (!endedWith(rest.at(-1), 'COMMIT')) throw new Error('the transaction was rolled back')
    return 'committed'
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'varco log',
      connectionTimeoutMillis: 2_000,
      query_timeout: TIMEOUT_MS,
      statement_timeout: TIMEOUT_MS,
      idle_in_transaction_session_timeout: TIMEOUT_MS,
      keepAlive: true,
      pipeline: true,
    })
    client.on('error', () => {
      this.#idle = this.#idle.filter((idle) => idle !== client)
    })
    try {
      await client.connect()
      await client.query(DURABLE)
      return client
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
  }
}

type Settled = PromiseSettledResult<pg.QueryResult> | undefined

/** Whether the head was another one, and the transaction is known to be over. */
function isSuperseded(reason: unknown, last: Settled): boolean {
  return reason instanceof pg.DatabaseError && reason.code === DIVISION_BY_ZERO && endedWith(last, 'ROLLBACK')
}

function endedWith(last: Settled, command: 'COMMIT' | 'ROLLBACK'): boolean {
  return last?.status === 'fulfilled' && last.value.command === command
}

function headQuery({ writer, epoch, base, head }: Batch): pg.QueryConfig {
  const frontier = hashesToBytes(head.nodes)
  if (base === null)
    return { name: 'log-new-head', text: NEW_HEAD, values: [writer, epoch, head.size, head.at, frontier] }
  const values = [writer, epoch, base.size, hashesToBytes(base.nodes), head.size, head.at, frontier]
  return { name: 'log-move-head', text: MOVE_HEAD, values }
}

function rowQueries(batch: Batch): readonly pg.QueryConfig[] {
  const { writer, epoch, events, sideRows, checkpoint, tiles, erase } = batch
  const tree = [writer, epoch]
  const queries: pg.QueryConfig[] = [
    {
      name: 'log-add-events',
      text: ADD_EVENTS,
      values: [
        ...tree,
        events[0]?.seq ?? 0,
        int8Array(events.map(({ at }) => at)),
        textArray(
          events.map(({ body }) => body),
          'json',
        ),
      ],
    },
    {
      name: 'log-add-checkpoint',
      text: ADD_CHECKPOINT,
      values: [...tree, checkpoint.size, checkpoint.at, checkpoint.note, checkpoint.leaves],
    },
  ]
  if (sideRows.length > 0) {
    queries.push({
      name: 'log-add-side-rows',
      text: ADD_SIDE_ROWS,
      values: [
        ...tree,
        int8Array(sideRows.map(({ seq }) => seq)),
        int4Array(sideRows.map(({ position }) => position)),
        int8Array(sideRows.map(({ at }) => at)),
        uuidArray(sideRows.map(({ subject }) => subject)),
        textArray(sideRows.map(({ resource }) => resource)),
        textArray(sideRows.map(({ recordKey }) => recordKey)),
        byteaArray(sideRows.map(({ salt }) => salt)),
      ],
    })
  }
  if (tiles.length > 0) {
    queries.push({
      name: 'log-add-tiles',
      text: ADD_TILES,
      values: [
        ...tree,
        int4Array(tiles.map(({ level }) => level)),
        int8Array(tiles.map(({ index }) => index)),
        byteaArray(tiles.map(({ hash }) => hashesToBytes([hash]))),
      ],
    })
  }
  if (erase.length > 0) {
    queries.push({
      name: 'log-erase',
      text: ERASE,
      values: [
        textArray(erase.map((place) => place.writer)),
        int4Array(erase.map((place) => place.epoch)),
        int8Array(erase.map(({ seq }) => seq)),
        int4Array(erase.map(({ position }) => position)),
        int8Array(erase.map(({ at }) => at)),
      ],
    })
  }
  return queries
}
