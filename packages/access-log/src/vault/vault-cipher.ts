import { createHmac, hkdfSync, webcrypto } from 'node:crypto'
import { asId, type Pseudonym } from '@varco/core'

const NONCE_BYTES = 12
const KEY_BYTES = 32
const PSEUDONYM_CHARS = 12
/** Crockford's alphabet: no letters that look like digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** What the vault's secret is good for. */
export interface VaultCipher {
  /** The pseudonym of a person under a contract: the same every time, another under another contract. */
  pseudonymOf(person: string, contract: string | null): Pseudonym
  seal(pseudonym: Pseudonym, text: string): Promise<Uint8Array>
  /** `null` when the seal is broken, or was made for another pseudonym or with another key. */
  open(pseudonym: Pseudonym, sealed: Uint8Array): Promise<string | null>
}

/**
 * What a person is known by where the database must not tell who they are: equal for the same `sub` of the same issuer, and
 * nothing that anybody could guess names against without the secret.
 * @param secret the vault's: 32 bytes, kept outside the database
 */
export function identityHash(secret: Uint8Array): (issuer: string, externalId: string) => string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'varco vault lookup', KEY_BYTES))
  return (issuer, externalId) =>
    createHmac('sha256', key)
      .update(JSON.stringify([issuer, externalId]))
      .digest('base64url')
}

/**
 * AES-256-GCM through WebCrypto, bound to the pseudonym; pseudonyms by HMAC-SHA-256. Both keys are drawn from one secret.
 * @param secret 32 bytes, kept outside the database
 */
export async function vaultCipher(secret: Uint8Array): Promise<VaultCipher> {
  const derived = (use: string): ArrayBuffer =>
    hkdfSync('sha256', secret, '', `varco vault ${use}`, KEY_BYTES)
  const key = await webcrypto.subtle.importKey('raw', derived('seal'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  const naming = Buffer.from(derived('pseudonym'))
  return {
    pseudonymOf: (person, contract) => {
      const digest = createHmac('sha256', naming)
        .update(JSON.stringify([person, contract]))
        .digest()
      const letters = [...digest.subarray(0, PSEUDONYM_CHARS)].map((byte) => ALPHABET[byte % ALPHABET.length])
      return asId<Pseudonym>(`op-${letters.join('')}`)
    },
    seal: async (pseudonym, text) => {
      const iv = webcrypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const algorithm = { name: 'AES-GCM', iv, additionalData: Buffer.from(pseudonym) }
      const sealed = await webcrypto.subtle.encrypt(algorithm, key, Buffer.from(text))
      return Buffer.concat([iv, Buffer.from(sealed)])
    },
    open: async (pseudonym, sealed) => {
      const algorithm = {
        name: 'AES-GCM',
        iv: Buffer.from(sealed.subarray(0, NONCE_BYTES)),
        additionalData: Buffer.from(pseudonym),
      }
      try {
        const opened = await webcrypto.subtle.decrypt(
          algorithm,
          key,
          Buffer.from(sealed.subarray(NONCE_BYTES)),
        )
        return Buffer.from(opened).toString('utf8')
      } catch {
        return null
      }
    },
  }
}
