import { randomBytes, type KeyObject } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generateLogKeys, loadLogKeys, writeLogKeys, type LogKeys } from '@varco/access-log'
import { ConfigError } from '@varco/core'
import { createReportKey, readReportKey } from './report-key.ts'

/** Every secret of an installation. All live outside the database. */
export interface KeyRing {
  readonly log: LogKeys
  /** 32 bytes for the `hmac` mask. */
  readonly mask: Buffer
  /** 32 bytes that seal the console's short-lived cookies. */
  readonly console: Buffer
  /** 32 bytes that seal the identities behind pseudonyms. */
  readonly vault: Buffer
  /** Ed25519: signs the reports. */
  readonly report: KeyObject
}

const SECRET_BYTES = 32
const SECRETS = { mask: 'mask.key', console: 'console.key', vault: 'vault.key' } as const

/**
 * Reads the keys; makes them first when `create` says so.
 * @throws ConfigError when one is missing or damaged: a lost key is never replaced by a new one
 */
export async function openKeyRing(
  dir: string,
  options: { origin: string; create: boolean },
): Promise<KeyRing> {
  if (options.create) await createKeys(dir, options.origin)
  const log = await loadLogKeys(dir)
  if (log.origin !== options.origin) {
    throw new ConfigError(
      'VARCO_LOG_ORIGIN',
      `the keys belong to the log ${log.origin}, not to ${options.origin}`,
    )
  }
  return {
    log,
    mask: await readSecret(dir, SECRETS.mask),
    console: await readSecret(dir, SECRETS.console),
    vault: await readSecret(dir, SECRETS.vault),
    report: await readReportKey(dir),
  }
}

async function createKeys(dir: string, origin: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  for (const file of Object.values(SECRETS)) {
    await writeFile(path.join(dir, file), `${randomBytes(SECRET_BYTES).toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
    })
  }
  await createReportKey(dir)
  await writeLogKeys(dir, generateLogKeys(origin))
}

async function readSecret(dir: string, file: string): Promise<Buffer> {
  const text = await readFile(path.join(dir, file), 'utf8').catch((cause: unknown) => {
    throw new ConfigError('VARCO_KEYS', `${file} is missing from the folder of keys`, { cause })
  })
  const secret = Buffer.from(text.trim(), 'base64')
  if (secret.length !== SECRET_BYTES)
    throw new ConfigError('VARCO_KEYS', `${file} is not a key of ${SECRET_BYTES} bytes`)
  return secret
}
