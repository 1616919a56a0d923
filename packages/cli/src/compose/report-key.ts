import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@varco/core'

const PRIVATE_FILE = 'report-signing.key'
/** What readers of reports are given. */
export const REPORT_VERIFIER_FILE = 'report-verifier.pub'

/** Makes the Ed25519 key that the body signs its reports with, and its public half beside it. */
export async function createReportKey(dir: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await writeFile(path.join(dir, PRIVATE_FILE), privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
  })
  await writeFile(path.join(dir, REPORT_VERIFIER_FILE), publicKey.export({ type: 'spki', format: 'pem' }), {
    flag: 'wx',
  })
}

/** @throws ConfigError when the key is missing or is none */
export async function readReportKey(dir: string): Promise<KeyObject> {
  const pem = await readFile(path.join(dir, PRIVATE_FILE), 'utf8').catch((cause: unknown) => {
    throw new ConfigError('VARCO_KEYS', `${PRIVATE_FILE} is missing from the folder of keys`, { cause })
  })
  const key = keyOf(() => createPrivateKey(pem))
  if (key === null) throw new ConfigError('VARCO_KEYS', `${PRIVATE_FILE} is not an Ed25519 key`)
  return key
}

/** The public half, as its file has it; `null` when it is none. */
export function parseReportVerifier(pem: string): KeyObject | null {
  return keyOf(() => createPublicKey(pem))
}

function keyOf(parse: () => KeyObject): KeyObject | null {
  try {
    const key = parse()
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null
  }
}
