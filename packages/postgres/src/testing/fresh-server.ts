import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { serverSettings, startEmbeddedServer } from '../embedded-server.ts'
import type { EmbeddedServer, EmbeddedServerOptions } from '../embedded-server.ts'

/**
 * A server of a test's own, for what happens to a whole server. Making its files takes seconds of the processor, copying them
 * next to none.
 * @param files folder of the files of a server that never held anything; made at the first use
 */
export async function freshServer(
  files: string,
  options: Omit<EmbeddedServerOptions, 'programs'>,
): Promise<EmbeddedServer> {
  await copyServerFiles(files, options)
  return startEmbeddedServer(options)
}

/** The files alone, for whoever starts the server itself. */
export async function copyServerFiles(
  files: string,
  { dir, durable }: Pick<EmbeddedServerOptions, 'dir' | 'durable'>,
): Promise<void> {
  if (!existsSync(files)) await makeFiles(files)
  await mkdir(dir, { recursive: true })
  // With their owner, which Node's own copy does not keep.
  const names = ['data', 'password'].map((name) => path.join(files, name))
  await promisify(execFile)('cp', ['-a', ...names, dir])
  await writeFile(path.join(dir, 'data', 'postgresql.auto.conf'), serverSettings(durable !== false))
}

/** Aside, and then moved into place: of two at once the later finds them there. */
async function makeFiles(files: string): Promise<void> {
  const aside = `${files}-${randomBytes(6).toString('hex')}`
  await (await startEmbeddedServer({ dir: aside, durable: false }))[Symbol.asyncDispose]()
  await rename(aside, files).catch(async (error: unknown) => {
    await rm(aside, { recursive: true })
    if (!existsSync(files)) throw error
  })
}
