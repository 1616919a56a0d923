// How long the whole sample body takes to make and load into an empty PostgreSQL.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemClock } from '@varco/core'
import { createSampleBody, sampleEngagement } from '@varco/demo'
import { openDatabase, startEmbeddedServer } from '@varco/postgres'

export default async function sampleBody(): Promise<unknown> {
  const dir = path.join(await mkdtemp(path.join(tmpdir(), 'varco-bench-')), 'pg')
  await using server = await startEmbeddedServer({ dir, ephemeral: true })
  await using database = openDatabase({ url: server.url })
  const now = systemClock.now()
  const started = performance.now()
  const { counts } = await createSampleBody(database.pool, {
    now,
    onProgress: (table, rows) => process.stderr.write(`\r${table} ${rows}        `),
  })
  const loaded = performance.now()
  const { tickets, operators } = sampleEngagement({ now })
  return {
    load_seconds: seconds(loaded - started),
    engagement_seconds: seconds(performance.now() - loaded),
    rows: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
    operators: operators.length,
    tickets: tickets.length,
  }
}

function seconds(milliseconds: number): number {
  return Number((milliseconds / 1000).toFixed(2))
}
