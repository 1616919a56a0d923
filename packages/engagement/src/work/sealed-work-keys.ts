import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hkdfSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import { VarcoError } from '@varco/core'
import type { WorkKeyOwner, WorkKeys } from './work-keys.ts'

/** A sealed key does not open: it, or the secret, is not the one it was sealed with. */
export class SealedWorkKeyError extends VarcoError {
  readonly code = 'sealed-work-key'

  constructor(options?: ErrorOptions) {
    super('the month’s key cannot be unsealed with this installation’s secret', options)
  }
}

/** Used for two months, and only to count work: no secret outlives it. */
const MODULUS_BITS = 2_048
const NONCE_BYTES = 12
const TAG_BYTES = 16
const newPair = promisify(generateKeyPair)

/**
 * Keys of RSABSSA-SHA384-PSS-Randomized (RFC 9474), sealed by AES-256-GCM under the month they are for.
 * @param secret kept outside the database
 */
export function sealedWorkKeys(secret: Uint8Array): WorkKeys {
  const sealing = derived(secret, 'varco work keys: seal')
  const takers = derived(secret, 'varco work keys: takers')
  return {
    create: async (owner) => {
      const { publicKey, privateKey } = await newPair('rsa', { modulusLength: MODULUS_BITS })
      return {
        publicKey: publicKey.export({ type: 'spki', format: 'der' }),
        sealedKey: seal(sealing, owner, privateKey.export({ type: 'pkcs8', format: 'der' })),
      }
    },
    sign: (owner, sealedKey, blinded) => blindSign(unsealed(sealing, owner, sealedKey), blinded),
    takerOf: (owner, operator) =>
      createHmac('sha256', takers)
        .update(`${nameOf(owner)}\n${operator}`)
        .digest('base64url'),
  }
}

/**
 * RFC 9474, section 4.3. The result is checked before it leaves: one made under a fault would give the key away.
 * @returns `null` for what is not as long as the modulus, or not below it
 */
export function blindSign(key: KeyObject, blinded: Buffer): Buffer | null {
  const padding = constants.RSA_NO_PADDING
  if (blinded.length * 8 !== key.asymmetricKeyDetails?.modulusLength) return null
  const signed = raised(() => privateDecrypt({ key, padding }, blinded))
  if (signed === null) return null
  const back = publicEncrypt({ key: createPublicKey(key), padding }, signed)
  return back.equals(blinded) ? signed : null
}

/** OpenSSL refuses a number that is not below the modulus. */
function raised(work: () => Buffer): Buffer | null {
  try {
    return work()
  } catch {
    return null
  }
}

function derived(secret: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', use, 32))
}

function nameOf({ contract, month }: WorkKeyOwner): string {
  return `${contract}\n${month}`
}

function seal(key: Buffer, owner: WorkKeyOwner, secret: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(nameOf(owner)))
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

function unsealed(key: Buffer, owner: WorkKeyOwner, sealed: Buffer): KeyObject {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(nameOf(owner)))
      .setAuthTag(sealed.subarray(-TAG_BYTES))
    const der = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    return createPrivateKey({ key: der, type: 'pkcs8', format: 'der' })
  } catch (cause) {
    throw new SealedWorkKeyError({ cause })
  }
}
