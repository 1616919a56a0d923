import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { VarcoError } from '@varco/core'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import type { Database } from './database.ts'

/** The database was brought up to date by a version that had other migrations: what it lacks cannot be added behind them. */
export class MigrationMissedError extends VarcoError {
  readonly code = 'migration-missed'
}

const CONFIG = {
  migrationsFolder: path.join(import.meta.dirname, '..', 'migrations'),
  migrationsSchema: 'varco',
  migrationsTable: 'migrations',
} as const

/**
 * Brings Varco's own schemas up to date; does nothing when they are. Never touches the body's records.
 * @throws MigrationMissedError when one is older than the newest that was applied, and was not: it would be passed over in silence
 */
export async function migrate(database: Database): Promise<void> {
  await applyMigrations(database.orm, CONFIG)
  const { rows } = await database.pool.query<{ at: string }>(
    'SELECT created_at::text AS at FROM varco.migrations',
  )
  const applied = new Set(rows.map(({ at }) => at))
  const { entries } = JSON.parse(
    await readFile(path.join(CONFIG.migrationsFolder, 'meta', '_journal.json'), 'utf8'),
  ) as { readonly entries: readonly { readonly when: number }[] }
  const missed = entries.filter(({ when }) => !applied.has(String(when)))
  if (missed.length > 0)
    throw new MigrationMissedError(
      `the database lacks ${missed.length} of the migrations of this version, which newer ones overtook`,
    )
}
