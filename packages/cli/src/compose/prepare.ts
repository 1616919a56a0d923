import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { systemClock, type Config, type PolicyVersion } from '@varco/core'
import { migrate, openLogStore, postgresPolicyStore } from '@varco/postgres'
import type { Output } from '../output.ts'
import { commandLog } from './command-log.ts'
import { commandDiagnostics } from './diagnostics.ts'
import { homeOf } from './home.ts'
import { installBundle, type Activators } from './install-bundle.ts'
import { openKeyRing } from './key-ring.ts'
import { openAnchors } from './open-anchors.ts'
import type { Databases } from './open-databases.ts'

export interface Prepared {
  readonly newKeys: boolean
  readonly policyVersion: PolicyVersion
  /** Whether the bundle in force is the one put there now. */
  readonly installed: boolean
}

/** Makes a database and a home folder ready to serve from: tables, keys where there are none, a bundle in force. */
export async function prepare(
  config: Config,
  databases: Databases,
  activators: Activators | null,
  output: Output,
): Promise<Prepared | null> {
  const home = homeOf(config)
  await migrate(databases.state)
  await using logStore = openLogStore(databases.state)
  // Keys are made once, for a log that has never been: a lost key is not replaced by one that fits nothing.
  const isNew = !existsSync(home.keys) && !existsSync(home.anchor) && (await logStore.heads()).length === 0
  const keys = await openKeyRing(home.keys, { origin: config.VARCO_LOG_ORIGIN, create: isNew })
  const clock = systemClock
  const anchors = openAnchors(config, logStore)
  const installed = await installBundle({
    store: postgresPolicyStore({ database: databases.state, clock }),
    log: commandLog({
      store: logStore,
      keys: keys.log,
      clock,
      anchors,
      diagnostics: commandDiagnostics(config, 'log'),
    }),
    folder: config.VARCO_POLICIES,
    activators,
    output,
    requestId: randomUUID(),
  })
  return installed === null
    ? null
    : { newKeys: isNew, policyVersion: installed.version, installed: installed.installed }
}
