import { mkdir } from 'node:fs/promises'
import type { Config } from '@varco/core'
import { openDatabase, startEmbeddedServer, type Database, type EmbeddedServer } from '@varco/postgres'
import type { Home } from './home.ts'

/** Varco's own database and the one that holds the body's records; they may be the same. */
export interface Databases extends AsyncDisposable {
  readonly state: Database
  readonly records: Database
  /** Present when this installation runs its own server. */
  readonly server: EmbeddedServer | null
}

/** Connects where the settings say; without DATABASE_URL starts, or joins, the embedded server in the home folder. */
export async function openDatabases(config: Config, home: Home): Promise<Databases> {
  await mkdir(home.dir, { recursive: true })
  const server = config.DATABASE_URL === undefined ? await startEmbeddedServer({ dir: home.postgres }) : null
  const url = config.DATABASE_URL ?? server?.url ?? ''
  const state = openDatabase({ url, name: 'varco', max: 16 })
  const recordsUrl = config.VARCO_RECORDS_URL ?? url
  const records =
    recordsUrl === url ? state : openDatabase({ url: recordsUrl, name: 'varco-records', max: 16 })
  return {
    state,
    records,
    server,
    [Symbol.asyncDispose]: async () => {
      if (records !== state) await records[Symbol.asyncDispose]()
      await state[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    },
  }
}
