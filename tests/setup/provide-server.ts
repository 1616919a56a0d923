import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedServer, type PostgresPrograms } from '@varco/postgres'
import { freshServer } from '@varco/postgres/testing'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the run's PostgreSQL; tests make scratch databases on it. */
    serverUrl: string
    /** Files of a server that has never held anything, for tests that need a whole one (`freshServer`). */
    serverFiles: string
  }
}

/** Starts the one PostgreSQL of a project's run; the outcome ends it. */
export async function provideServer(
  project: TestProject,
  programs?: PostgresPrograms,
): Promise<() => Promise<void>> {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-db-'))
  await chmod(dir, 0o755)
  const files = path.join(dir, 'never-used')
  const running = { dir: path.join(dir, 'pg'), durable: false, ephemeral: true }
  const server = await (programs === undefined
    ? freshServer(files, running)
    : startEmbeddedServer({ ...running, programs }))
  project.provide('serverUrl', server.url)
  project.provide('serverFiles', files)
  return async () => {
    await server[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  }
}
