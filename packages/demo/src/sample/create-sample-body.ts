import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { microsToIso, type Micros } from '@varco/core'
import type { Pool, PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { copyText } from './copy-text.ts'
import { RECORDS_CONSTRAINTS, RECORDS_TABLES } from './records-schema.ts'
import { SAMPLE_PRODUCERS, SAMPLE_SEED, SAMPLE_VERSION } from './sample-body.ts'
import { SampleBodyError } from './sample-body-error.ts'
import { sampleRecords, type SampleTable } from './sample-records.ts'

export interface SampleBodyOptions {
  readonly now: Micros
  readonly seed?: string
  /** Size of the body; the default has more than 20,000 data subjects and 100,000 invoices. */
  readonly producers?: number
  /** Called as rows go in, with the table they belong to. */
  readonly onProgress?: (table: string, rows: number) => void
}

export interface SampleSummary {
  /** Rows by table. */
  readonly counts: Readonly<Record<string, number>>
  /** Whether the rows were there already, from an earlier start. */
  readonly reused: boolean
  readonly producers: number
  /** `now` of the start that made the rows: the engagement's tickets hang on it. */
  readonly loadedAt: Micros
}

/**
 * Fills schema `gse` with the sample body, in one transaction: all of it or nothing. Does nothing when the same
 * sample is there already.
 * @throws SampleBodyError when schema `gse` holds anything else; it is never overwritten
 */
export async function createSampleBody(
  pool: Pick<Pool, 'connect'>,
  options: SampleBodyOptions,
): Promise<SampleSummary> {
  const sample = {
    now: options.now,
    seed: options.seed ?? SAMPLE_SEED,
    producers: options.producers ?? SAMPLE_PRODUCERS,
  }
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    // Two starts at once: the second waits, then finds the first one's rows.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('varco sample body', 0))`)
    const summary =
      (await existing(client, sample)) ?? (await load(client, sample, options.onProgress ?? (() => {})))
    await client.query('COMMIT')
    return summary
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

type Sample = Required<Pick<SampleBodyOptions, 'now' | 'seed' | 'producers'>>

async function existing(client: PoolClient, { seed, producers }: Sample): Promise<SampleSummary | null> {
  const found = await client.query<{ schema: string | null; stamp: string | null }>(
    `SELECT to_regnamespace('gse')::text AS schema, to_regclass('gse.sample_body')::text AS stamp`,
  )
  if (found.rows[0]?.schema == null) return null
  if (found.rows[0].stamp == null)
    throw new SampleBodyError('schema gse exists and is not the sample body; it is left alone')
  const stamps = await client.query<{
    version: number
    seed: string
    producers: number
    counts: string
    loaded_us: string
  }>(
    `SELECT version, seed, producers, counts::text, (extract(epoch FROM loaded_at) * 1000000)::bigint::text AS loaded_us
     FROM gse.sample_body`,
  )
  const stamp = stamps.rows[0]
  if (stamp?.version !== SAMPLE_VERSION || stamp.seed !== seed || stamp.producers !== producers) {
    throw new SampleBodyError(
      'schema gse holds another version of the sample body; drop the schema to have it made anew',
    )
  }
  const counts = JSON.parse(stamp.counts) as Record<string, number>
  return { counts, reused: true, producers, loadedAt: BigInt(stamp.loaded_us) }
}

async function load(
  client: PoolClient,
  sample: Sample,
  onProgress: (table: string, rows: number) => void,
): Promise<SampleSummary> {
  const tables = await sampleRecords(sample)
  await client.query(RECORDS_TABLES)
  const counts: Record<string, number> = {}
  for (const table of tables) {
    counts[table.name] = await copyTable(client, table, (rows) => {
      onProgress(table.name, rows)
    })
  }
  await client.query(RECORDS_CONSTRAINTS)
  await client.query(
    'INSERT INTO gse.sample_body (version, seed, producers, loaded_at, counts) VALUES ($1, $2, $3, $4, $5)',
    [...[SAMPLE_VERSION, sample.seed, sample.producers, microsToIso(sample.now), JSON.stringify(counts)]],
  )
  return { counts, reused: false, producers: sample.producers, loadedAt: sample.now }
}

async function copyTable(
  client: PoolClient,
  { name, rows }: SampleTable,
  onRows: (rows: number) => void,
): Promise<number> {
  const iterator = rows[Symbol.iterator]()
  const first = iterator.next()
  if (first.done === true) return 0
  const columns = Object.keys(first.value)
  let count = 0
  const text = copyText(all(first.value, iterator), (done) => {
    count = done
    onRows(done)
  })
  await pipeline(
    Readable.from(text),
    client.query(copyFrom(`COPY gse.${name} (${columns.join(', ')}) FROM STDIN`)),
  )
  return count
}

function* all<T>(first: T, others: Iterator<T>): Generator<T> {
  yield first
  yield* { [Symbol.iterator]: () => others }
}
