import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { RSABSSA } from '@cloudflare/blindrsa-ts'
import { asId, type ContractId } from '@varco/core'
import { blindSign, sealedWorkKeys } from '@varco/engagement'
import { describe, expect, test } from 'vitest'
import { rsaKey } from './blind-client.ts'
import { modularInverse } from './modular-inverse.ts'
import { RFC9474_RANDOMIZED } from './rfc9474-vector.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const number = (hex: string): bigint => BigInt(`0x${hex}`)
const base64url = (n: bigint): string => {
  const hex = n.toString(16)
  return bytes(hex.length % 2 === 0 ? hex : `0${hex}`).toString('base64url')
}

function vectorKey() {
  const [p, q, e] = [number(RFC9474_RANDOMIZED.p), number(RFC9474_RANDOMIZED.q), 65_537n]
  const d = modularInverse(e, (p - 1n) * (q - 1n))
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: modularInverse(q, p) }
  const texts = Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, base64url(n)]))
  return createPrivateKey({ key: { kty: 'RSA', ...texts }, format: 'jwk' })
}

describe('the vector of RFC 9474', () => {
  const vector = RFC9474_RANDOMIZED
  const key = vectorKey()

  test('is signed as the standard says, number for number', () => {
    expect(blindSign(key, bytes(vector.blinded))?.toString('hex')).toBe(vector.blindSignature)
  })

  test('is unblinded to the standard’s signature by the library workers use', async () => {
    const publicKey = await rsaKey(createPublicKey(key).export({ type: 'spki', format: 'der' }))
    const message = bytes(vector.prefix + vector.message)
    const signature = await RSABSSA.SHA384.PSS.Randomized().finalize(
      publicKey,
      new Uint8Array(message),
      new Uint8Array(bytes(vector.blindSignature)),
      new Uint8Array(bytes(vector.inverse)),
    )
    expect(Buffer.from(signature).toString('hex')).toBe(vector.signature)
  })
})

test('signs no number that is not below the modulus, and nothing of another length', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  expect(blindSign(privateKey, Buffer.alloc(256, 0xff))).toBeNull()
  expect(blindSign(privateKey, Buffer.alloc(255, 1))).toBeNull()
  expect(blindSign(privateKey, Buffer.alloc(257, 1))).toBeNull()
  expect(blindSign(privateKey, Buffer.alloc(0))).toBeNull()
  expect(blindSign(privateKey, Buffer.alloc(256, 1))).toHaveLength(256)
})

test('a key sealed for one month, or under another secret, opens for no other', async () => {
  const keys = sealedWorkKeys(Buffer.alloc(32, 1))
  const october = { contract: asId<ContractId>('aurora-2026'), month: '2026-10' }
  const { sealedKey, publicKey } = await keys.create(october)
  const blinded = Buffer.alloc(256, 1)
  expect(keys.sign(october, sealedKey, blinded)).toHaveLength(256)
  expect(() => keys.sign({ ...october, month: '2026-11' }, sealedKey, blinded)).toThrow('unsealed')
  expect(() => sealedWorkKeys(Buffer.alloc(32, 2)).sign(october, sealedKey, blinded)).toThrow('unsealed')
  expect(() => keys.sign(october, Buffer.alloc(20), blinded)).toThrow('unsealed')
  // What the database holds signs nothing by itself.
  expect(sealedKey.includes(publicKey.subarray(40, 200))).toBe(false)
  expect(() => createPrivateKey({ key: sealedKey, type: 'pkcs8', format: 'der' })).toThrow(
    /asn1|decod|DECODER|unsupported/i,
  )
})
