import type { PostgresPrograms } from '@varco/postgres'
import type { TestProject } from 'vitest/node'
import { provideServer } from './provide-server.ts'

/** The oldest PostgreSQL that is promised: what only newer ones understand is refused here. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = `oldest-postgres-${process.platform}-${process.arch}`
  return provideServer(project, (await import(name)) as PostgresPrograms)
}
