import { createHmac, hash } from 'node:crypto'
import { beginnings } from './beginnings.ts'

const BLOCK_BYTES = 64
/** Of UTF-16; a longer message is hashed the slow way. */
const MOST_CHARS = 1_024

/**
 * HMAC-SHA-256 (RFC 2104) of messages under one key. Spelt out over two one-shot hashes: `createHmac` takes ten times as long, and
 * this is asked of every record shown and of every record that goes.
 * @returns of a message its hash, `hex` or one byte a character
 */
export function hmacSha256(key: Uint8Array, encoding: 'hex' | 'binary'): (message: string) => string {
  const inner = Buffer.alloc(BLOCK_BYTES + 3 * MOST_CHARS)
  const outer = Buffer.alloc(BLOCK_BYTES + 32)
  const secret = key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key
  for (let i = 0; i < BLOCK_BYTES; i++) {
    const byte = secret[i] ?? 0
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  const innerBeginning = beginnings(inner)
  return (message) => {
    if (message.length > MOST_CHARS) return createHmac('sha256', key).update(message).digest(encoding)
    const length = inner.write(message, BLOCK_BYTES)
    const digest = hash('sha256', innerBeginning(BLOCK_BYTES + length), 'binary')
    for (let i = 0; i < 32; i++) outer[BLOCK_BYTES + i] = digest.charCodeAt(i)
    return hash('sha256', outer, encoding)
  }
}
