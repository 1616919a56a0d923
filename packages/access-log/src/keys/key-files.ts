import { createSecretKey } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@varco/core'
import { parseSigningKey, signingKeyText } from '../notes/note-key.ts'
import { logKeys, verifiersOf, type LogKeys } from './log-keys.ts'

const SIGNING_FILE = 'log-signing.key'
const LOOKUP_FILE = 'log-lookup.key'
const VERIFIER_FILE = 'log-verifier.pub'

/**
 * Writes the keys, readable by their owner alone, and the public verifier beside them.
 * @throws ConfigError when one is already there: a key is never overwritten
 */
export async function writeLogKeys(dir: string, keys: LogKeys): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const secret = { mode: 0o600, flag: 'wx' } as const
  try {
    await writeFile(path.join(dir, SIGNING_FILE), `${signingKeyText(keys.origin, keys.signing)}\n`, secret)
    await writeFile(path.join(dir, LOOKUP_FILE), `${keys.lookup.export().toString('base64')}\n`, secret)
    await writeFile(path.join(dir, VERIFIER_FILE), `${verifiersOf(keys).join('\n')}\n`, {
      flag: 'wx',
    })
  } catch (cause) {
    throw new ConfigError(
      'VARCO_KEYS',
      "the folder for the log's keys cannot be written, or already holds keys",
      { cause },
    )
  }
}

/**
 * Puts the keys that a rotation has prepared in a folder of their own in the place of the present ones, which stay beside
 * them under another name. Stopped half way, it is finished by doing it again.
 * @param prepared folder that `writeLogKeys` wrote the next keys to
 */
export async function adoptLogKeys(dir: string, prepared: string): Promise<void> {
  const present = await loadLogKeys(dir)
  const next = await loadLogKeys(prepared)
  if (present.verifier !== next.verifier) {
    await copyFile(
      path.join(dir, SIGNING_FILE),
      path.join(dir, `${SIGNING_FILE}.former-${next.former.length}`),
    )
  }
  for (const file of [SIGNING_FILE, VERIFIER_FILE]) {
    await copyFile(path.join(prepared, file), path.join(dir, `${file}.new`))
    await rename(path.join(dir, `${file}.new`), path.join(dir, file))
  }
  await rm(prepared, { recursive: true })
}

/** @throws ConfigError when a key is missing or damaged */
export async function loadLogKeys(dir: string): Promise<LogKeys> {
  const signing = parseSigningKey(await readKey(dir, SIGNING_FILE))
  if (signing === null) throw new ConfigError('VARCO_KEYS', `${SIGNING_FILE} is not a signing key`)
  const lookup = Buffer.from(await readKey(dir, LOOKUP_FILE), 'base64')
  if (lookup.length !== 32) throw new ConfigError('VARCO_KEYS', `${LOOKUP_FILE} is not a key of 32 bytes`)
  const [, ...former] = (await readKey(dir, VERIFIER_FILE)).split('\n')
  return logKeys(signing.name, signing.key, createSecretKey(lookup), former)
}

async function readKey(dir: string, file: string): Promise<string> {
  try {
    return (await readFile(path.join(dir, file), 'utf8')).trim()
  } catch (cause) {
    throw new ConfigError('VARCO_KEYS', `${file} is missing from the folder of the log's keys`, { cause })
  }
}
