import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@varco/core'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

/** What one issuer signs its tokens and cookies with. Each issuer has its own: none can sign for another. */
export interface SigningKeys {
  /** Private JWK, ES256. */
  readonly token: JWK
  readonly cookie: string
}

/**
 * The issuer's keys: from `NAME.json` in the folder, made there at the first start; without a folder made
 * anew, so that tokens end with the process.
 * @throws ConfigError when the file is there but is not such keys; it is never replaced
 */
export async function loadSigningKeys(name: string, folder: string | undefined): Promise<SigningKeys> {
  if (folder === undefined) return makeKeys()
  const file = path.join(folder, `${name}.json`)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text !== null) return parseKeys(text, file)
  const keys = await makeKeys()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(file, JSON.stringify(keys), { mode: 0o600, flag: 'wx' })
  return keys
}

async function makeKeys(): Promise<SigningKeys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const token = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }
  return { token, cookie: randomBytes(32).toString('base64url') }
}

function parseKeys(text: string, file: string): SigningKeys {
  const keys = readJson(text) as Partial<SigningKeys> | null
  if (typeof keys?.cookie !== 'string' || typeof keys.token?.d !== 'string') {
    throw new ConfigError(
      'keys',
      `${path.relative(process.cwd(), file)} does not hold the demo's signing keys; move it away to have new ones made`,
    )
  }
  return { token: keys.token, cookie: keys.cookie }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
