import { randomUUID } from 'node:crypto'
import { openIdentityVault, type AccessLog, type IdentityVault } from '@varco/access-log'
import { openVaultStore } from '@varco/postgres'
import type { Services } from './services.ts'

/** Where it is kept who stands behind a pseudonym; what is opened there goes into `log`. */
export function openVault(
  { databases, keys, clock, reader }: Pick<Services, 'databases' | 'keys' | 'clock' | 'reader'>,
  log: AccessLog,
): Promise<IdentityVault> {
  return openIdentityVault({
    ...{ log, reader, clock, secret: keys.vault },
    store: openVaultStore(databases.state),
    newId: randomUUID,
  })
}
