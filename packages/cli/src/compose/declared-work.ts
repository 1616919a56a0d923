import type { AccessLog } from '@varco/access-log'
import { sealedWorkKeys, type WorkDesk } from '@varco/engagement'
import { openWorkStore } from '@varco/postgres'
import { actLog } from './act-log.ts'
import type { Services } from './services.ts'

/** Work off the system, on real stores; its keys are sealed under the vault's secret, which is not in the database. */
export function workDesk({ databases, keys }: Services, log: AccessLog): WorkDesk {
  return { store: openWorkStore(databases.state), keys: sealedWorkKeys(keys.vault), log: actLog(log) }
}
