import {
  ClockAheadError,
  gotIn,
  hashesToBytes,
  HoldPlacedError,
  MOST_CLOCK_LEAD,
  type Batch,
  type CommitOutcome,
} from '@varco/access-log'
import pg from 'pg'
import type { Database } from './database.ts'
import { byteaArray, int4Array, int8Array, textArray } from './log-binary-array.ts'
import { COPIES, eventRows, sideRowRows } from './log-copy-rows.ts'
import { LOCK_HOLDS, OTHER_HOLDS } from './log-minded-holds.ts'
import { LogPartitions } from './log-partitions.ts'
import { prepare, runTransaction, type PreparedStep, type TransactionStep } from './log-transaction.ts'

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

const ADD_CHECKPOINT = `INSERT INTO varco.checkpoints (writer, epoch, size, at_us, note, leaves)
  VALUES ($1, $2, $3, $4, $5, $6)`

const ADD_TILES = `INSERT INTO varco.tiles (writer, epoch, level, idx, hash)
  SELECT $1, $2, level, idx, hash FROM unnest($3::int4[], $4::int8[], $5::bytea[]) AS t (level, idx, hash)`

const ERASE = `DELETE FROM varco.disclosures d
  USING unnest($1::text[], $2::int4[], $3::int8[], $4::int4[], $5::int8[]) AS e (writer, epoch, seq, pos, at_us)
  WHERE d.writer = e.writer AND d.epoch = e.epoch AND d.seq = e.seq AND d.pos = e.pos AND d.at_us = e.at_us`

/** Prepared once on each connection. */
const STATEMENTS = {
  log_move_head: MOVE_HEAD,
  log_new_head: NEW_HEAD,
  log_clock: `SELECT 1 / ($1::bigint <= extract(epoch FROM clock_timestamp()) * 1000000 + ${MOST_CLOCK_LEAD})::int`,
  log_other_holds: `SELECT 1 / (NOT ${OTHER_HOLDS})::int`,
  log_add_checkpoint: ADD_CHECKPOINT,
  log_add_tiles: ADD_TILES,
  log_erase: ERASE,
} as const

/**
 * A commit is durable when it is answered, whatever the server's default is. And a transaction whose client is gone, or stopped
 * while it waits for the batch ahead, ends: its locks would keep the log's upkeep waiting. The last setting is there since
 * PostgreSQL 17; before it, what a stopped client has open stays open until it goes on.
 */
const SESSION = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
  SELECT set_config(name, value, false) FROM (VALUES ('tcp_keepalives_idle', '10'), ('tcp_keepalives_interval', '5'),
    ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '${TIMEOUT_MS}'), ('transaction_timeout', '${2 * TIMEOUT_MS}')) AS wanted (name, value)
    WHERE name IN (SELECT name FROM pg_settings)`

export interface ClockMinding {
  /** Whether batches of a clock more than a minute ahead of the database's are refused: not where a test sets the time. */
  readonly mindsClock: boolean
}

/**
 * Commits batches over connections of its own, one for each commit under way. One round trip a batch: all of it is sent at
 * once, the head first. The rows of a batch behind another are sent first, so that they are stored while the other is being
 * flushed to disk; the head when the other is in.
 */
export class LogCommitter implements AsyncDisposable {
  readonly #url: string
  readonly #minding: ClockMinding
  readonly #partitions: LogPartitions
  #idle: pg.Client[] = []
  #closed = false

  constructor(database: Database, minding: ClockMinding) {
    this.#url = database.url
    this.#minding = minding
    this.#partitions = new LogPartitions(database.pool)
  }

  async commit(batch: Batch, ahead?: Promise<CommitOutcome>): Promise<CommitOutcome> {
    const first = batch.events[0]?.at ?? batch.head.at
    if (!this.#partitions.covers(first) || !this.#partitions.covers(batch.head.at)) {
      await this.#partitions.ensure(first, batch.head.at)
    }
    const client = this.#idle.pop() ?? (await this.#connect())
    try {
      const outcome = await this.#transaction(client, batch, ahead)
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

  async #transaction(
    client: pg.Client,
    batch: Batch,
    ahead: Promise<CommitOutcome> | undefined,
  ): Promise<CommitOutcome> {
    const head = headStep(batch)
    const clock = this.#minding.mindsClock ? [step('log_clock', batch.now)] : []
    const { isCommitted, failure, failed } = await (ahead === undefined
      ? runTransaction(client, [...clock, head, ...holdSteps(batch), ...rowSteps(batch), ...lastSteps(batch)])
      : runTransaction(client, rowSteps(batch), {
          gate: gotIn(ahead),
          steps: [...clock, head, ...holdSteps(batch), ...lastSteps(batch)],
        }))
    if (failure === null) return isCommitted ? 'committed' : 'superseded'
    if (!(failure instanceof pg.DatabaseError && failure.code === DIVISION_BY_ZERO)) throw failure
    if (failed !== null && failed === clock[0]) throw new ClockAheadError(batch.writer, { cause: failure })
    if (failed !== head) throw new HoldPlacedError({ cause: failure })
    await client.query('ROLLBACK')
    return 'superseded'
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
    })
    client.on('error', () => {
      this.#idle = this.#idle.filter((idle) => idle !== client)
    })
    try {
      await client.connect()
      await client.query(SESSION)
      await prepare(client, { ...STATEMENTS, ...COPIES })
      return client
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
  }
}

function holdSteps({ minded }: Batch): readonly TransactionStep[] {
  return minded === undefined ? [] : [{ plain: LOCK_HOLDS }, step('log_other_holds', textArray(minded))]
}

function rowSteps(batch: Batch): readonly TransactionStep[] {
  return [eventRows(batch), ...(batch.sideRows.length > 0 ? [sideRowRows(batch)] : [])]
}

function lastSteps(batch: Batch): readonly TransactionStep[] {
  const { tiles, erase } = batch
  return [
    checkpointStep(batch),
    ...(tiles.length > 0 ? [tilesStep(batch)] : []),
    ...(erase.length > 0 ? [eraseStep(erase)] : []),
  ]
}

function step(
  prepared: keyof typeof STATEMENTS,
  ...values: readonly (string | number | bigint | Buffer)[]
): PreparedStep {
  return { prepared, values: values.map((value) => (Buffer.isBuffer(value) ? value : String(value))) }
}

function headStep({ writer, epoch, base, head }: Batch): PreparedStep {
  const frontier = hashesToBytes(head.nodes)
  if (base === null) return step('log_new_head', writer, epoch, head.size, head.at, frontier)
  const before = hashesToBytes(base.nodes)
  return step('log_move_head', writer, epoch, base.size, before, head.size, head.at, frontier)
}

function checkpointStep({ writer, epoch, checkpoint: { size, at, note, leaves } }: Batch): PreparedStep {
  return step('log_add_checkpoint', writer, epoch, size, at, note, Buffer.from(leaves))
}

function tilesStep({ writer, epoch, tiles }: Batch): PreparedStep {
  const levels = int4Array(tiles.map(({ level }) => level))
  const indices = int8Array(tiles.map(({ index }) => index))
  const hashes = byteaArray(tiles.map(({ hash }) => hashesToBytes([hash])))
  return step('log_add_tiles', writer, epoch, levels, indices, hashes)
}

function eraseStep(erase: Batch['erase']): PreparedStep {
  return step(
    'log_erase',
    textArray(erase.map(({ writer }) => writer)),
    int4Array(erase.map(({ epoch }) => epoch)),
    int8Array(erase.map(({ seq }) => seq)),
    int4Array(erase.map(({ position }) => position)),
    int8Array(erase.map(({ at }) => at)),
  )
}
