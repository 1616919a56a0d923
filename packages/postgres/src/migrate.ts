import path from 'node:path'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import type { Database } from './database.ts'

/** Brings Varco's own schemas up to date; does nothing when they are. Never touches the body's records. */
export async function migrate(database: Database): Promise<void> {
  await applyMigrations(database.orm, {
    migrationsFolder: path.join(import.meta.dirname, '..', 'migrations'),
    migrationsSchema: 'varco',
    migrationsTable: 'migrations',
  })
}
