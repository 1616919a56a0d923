import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedServer, type PostgresPrograms } from '@varco/postgres'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the run's PostgreSQL; tests make scratch databases on it. */
    serverUrl: string
  }
}

/** Starts the one PostgreSQL of a project's run; the outcome ends it. */
export async function provideServer(
  project: TestProject,
  programs?: PostgresPrograms,
): Promise<() => Promise<void>> {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-db-'))
  await chmod(dir, 0o755)
  const server = await startEmbeddedServer({
    ...{ dir: path.join(dir, 'pg'), durable: false, ephemeral: true },
    ...(programs === undefined ? {} : { programs }),
  })
  project.provide('serverUrl', server.url)
  return async () => {
    await server[Symbol.asyncDispose]()
  }
}
