import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { canonicalJson, type Json } from '@varco/core'

/**
 * A value that travels through the browser and that nobody there can read, change or use elsewhere:
 * AES-256-GCM under a key derived from a secret (RFC 5869), bound to what it is for.
 */
export function seal(value: Json, secret: string, use: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyFor(secret, use), nonce)
  const bytes = Buffer.concat([cipher.update(canonicalJson(value), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64url')
}

/** What `seal` closed; `null` for anything else, such as another session's or an altered text. */
export function unseal(text: string, secret: string, use: string): unknown {
  const sealed = Buffer.from(text, 'base64url')
  if (sealed.length <= 28) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFor(secret, use), sealed.subarray(0, 12), {
      authTagLength: 16,
    })
    decipher.setAuthTag(sealed.subarray(12, 28))
    const bytes = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}

function keyFor(secret: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `varco console ${use}`, 32))
}
