import { createHmac } from 'node:crypto'
import { hmacSha256 } from '@varco/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('is the HMAC of RFC 2104, whatever the key’s length and the message’s', () => {
  const key = fc.uint8Array({ maxLength: 130 })
  const message = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.integer({ min: 1_000, max: 1_100 }).map((length) => '€'.repeat(length)),
  )
  fc.assert(
    fc.property(key, fc.array(message, { minLength: 1, maxLength: 4 }), (secret, messages) => {
      const [hex, binary] = [hmacSha256(secret, 'hex'), hmacSha256(secret, 'binary')]
      // Under one key, one after another: nothing of a message is left in the next one's hash.
      for (const each of messages) {
        const expected = createHmac('sha256', secret).update(each).digest()
        expect(hex(each)).toBe(expected.toString('hex'))
        expect(binary(each)).toBe(expected.toString('latin1'))
      }
    }),
  )
})
