// What recording costs at least: rows as long as the log's, copied in by group commit, but unhashed, unsigned and into tables without a
// key or an index. Nobody could find or prove anything by them.
import { randomBytes } from 'node:crypto'
import type { Batch } from '@varco/access-log'
import type { Database } from '@varco/postgres'
import { eventRows, sideRowRows } from '../../../packages/postgres/src/log-copy-rows.ts'
import { prepare, runTransaction } from '../../../packages/postgres/src/log-transaction.ts'

/** Resolves once as many side rows, and the event that they are of, are committed. */
export type AppendBare = (sideRows: number) => Promise<void>

interface Waiting {
  readonly sideRows: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const TABLES = `CREATE SCHEMA IF NOT EXISTS bare;
  CREATE TABLE IF NOT EXISTS bare.events (writer text, epoch int, seq bigint, at_us bigint, body text, operator text, ticket text, act text, denied boolean);
  CREATE TABLE IF NOT EXISTS bare.disclosures (writer text, epoch int, seq bigint, pos int, at_us bigint, subject uuid, resource text, record_key text, salt bytea)`

const COPIES = {
  log_copy_events: 'COPY bare.events FROM STDIN (FORMAT binary)',
  log_copy_side_rows: 'COPY bare.disclosures FROM STDIN (FORMAT binary)',
}

/** As long as an event of one reading. */
const BODY = JSON.stringify({ body: 'x'.repeat(1_000) })
const SALT = randomBytes(16)

export async function bareLog({ pool }: Database): Promise<AppendBare> {
  await pool.query(TABLES)
  const client = (await pool.connect()) as Parameters<typeof prepare>[0]
  await prepare(client, COPIES)
  let waiting: Waiting[] = []
  let isBusy = false
  let seq = 0

  const commit = async (entries: readonly Waiting[]): Promise<void> => {
    const batch = { writer: 'bare', epoch: 1, events: [] as unknown[], sideRows: [] as unknown[] }
    for (const { sideRows } of entries) {
      const at = BigInt(++seq)
      const keys = { operator: 'operator', ticket: 'T-bench', act: null, denied: false }
      batch.events.push({ seq, at, body: BODY, keys })
      for (let position = 0; position < sideRows; position++)
        batch.sideRows.push({
          ...{ seq, position, at, resource: 'invoice', recordKey: String(position), salt: SALT },
          subject: SALT.toString('latin1'),
        })
    }
    // Of a batch, those two lists are all that is written.
    const rows = batch as unknown as Batch
    const { failure } = await runTransaction(client, [eventRows(rows), sideRowRows(rows)])
    if (failure !== null) throw failure
  }
  const drain = async (): Promise<void> => {
    isBusy = true
    while (waiting.length > 0) {
      const entries = waiting
      waiting = []
      try {
        await commit(entries)
        for (const { resolve } of entries) resolve()
      } catch (error) {
        for (const { reject } of entries) reject(error)
      }
    }
    isBusy = false
  }
  return (sideRows) =>
    new Promise((resolve, reject) => {
      waiting.push({ sideRows, resolve, reject })
      if (!isBusy) setImmediate(() => void (isBusy ? undefined : drain()))
    })
}
