import { generateKeyPairSync } from 'node:crypto'
import { reportHash, signReport, verifySignature } from '@varco/reports'
import { expect, test } from 'vitest'
import { signHash } from '../../src/report/sign-report.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const JSON_TEXT = '{"name":"Giulia D’Àcqui"}'

test('a signature holds for its text and its key alone', async () => {
  const jws = await signReport(JSON_TEXT, privateKey)
  expect(jws).toMatch(/^[\w-]+\.\.[\w-]+$/)
  expect(await verifySignature(JSON_TEXT, jws, publicKey)).toBe(true)
  expect(await verifySignature(`${JSON_TEXT} `, jws, publicKey)).toBe(false)
  expect(await verifySignature(JSON_TEXT, jws, generateKeyPairSync('ed25519').publicKey)).toBe(false)
})

test('names the key by its thumbprint', async () => {
  const header = (await signReport(JSON_TEXT, privateKey)).split('.')[0] ?? ''
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
    alg: 'EdDSA',
    kid: expect.stringMatching(/^[\w-]{43}$/),
  })
})

test.each(['', '..', 'a..b', 'not a signature', 'eyJhbGciOiJub25lIn0..'])(
  '%j is no signature',
  async (jws) => {
    expect(await verifySignature(JSON_TEXT, jws, publicKey)).toBe(false)
  },
)

test('one made for other uses of the same key is refused', async () => {
  const { CompactSign } = await import('jose')
  const other = await new CompactSign(Buffer.from(JSON_TEXT))
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(privateKey)
  const [header, , signature] = other.split('.')
  expect(await verifySignature(JSON_TEXT, `${header}..${signature}`, publicKey)).toBe(false)
})

test('a file too long to be held whole is signed by its SHA-256', async () => {
  const jws = await signHash(reportHash(JSON_TEXT), privateKey)
  expect(await verifySignature(JSON_TEXT, jws, publicKey)).toBe(true)
  expect(await verifySignature(`${JSON_TEXT} `, jws, publicKey)).toBe(false)
  expect(await verifySignature(JSON_TEXT, jws, generateKeyPairSync('ed25519').publicKey)).toBe(false)
  const [header, payload = '', signature] = jws.split('.')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ sha256: reportHash(JSON_TEXT) })
  // Neither kind passes for the other.
  expect(await verifySignature(JSON_TEXT, `${header}..${signature}`, publicKey)).toBe(false)
  const whole = (await signReport(JSON_TEXT, privateKey)).split('.')
  const attached = `${whole[0]}.${Buffer.from(JSON_TEXT).toString('base64url')}.${whole[2]}`
  expect(await verifySignature(JSON_TEXT, attached, publicKey)).toBe(false)
})
