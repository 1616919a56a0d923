import { UnavailableError } from '@varco/core'
import type { ProofMemory } from '@varco/engagement'
import { memoryProofs } from '@varco/engagement/testing'
import { createHash, hash } from 'node:crypto'
import { millisToMicros, silentDiagnostics } from '@varco/core'
import { compileBundle, type Bundle, type ProofOfPossession } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { serveProxy } from '@varco/proxy'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { AURORA, gatehouse, tokenOf, type Gatehouse, type GatehouseOptions } from '../gatehouse.ts'

const PUBLIC = 'https://varco.example/gate'
const ONE = '/records/invoice?id=eq.1&select=number'
const HTU = `${PUBLIC}/records/invoice`
const NOW = 1_781_517_600

const holder = await keyOf('ES256')
const thief = await keyOf('ES256')

interface Key {
  readonly sign: CryptoKey
  readonly jwk: JWK
  readonly thumbprint: string
}

async function keyOf(alg: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return { sign: privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk) }
}

function boundToken(): Promise<string> {
  return tokenOf('anna', { cnf: { jkt: holder.thumbprint } })
}

let count = 0

/** A proof as RFC 9449 has it, but for what a test changes. */
function proofOf(
  token: string,
  changes: Readonly<Record<string, unknown>> & {
    readonly header?: Readonly<Record<string, unknown>>
    readonly key?: Key
    readonly secret?: Uint8Array
  } = {},
): Promise<string> {
  const { header, key = holder, secret, ...claims } = changes
  const all = {
    htm: 'GET',
    htu: HTU,
    iat: NOW,
    jti: `proof-${++count}`,
    ath: hash('sha256', token, 'base64url'),
  }
  return new SignJWT({ ...all, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk, ...header })
    .sign(secret ?? key.sign)
}

const bundleThatDemands = (proof: ProofOfPossession): Bundle => {
  const document = fixtureDocument()
  return compileBundle({
    ...document,
    processors: document.processors.map((processor) =>
      processor.identity_provider.issuer === AURORA
        ? { ...processor, identity_provider: { issuer: AURORA, proof_of_possession: proof } }
        : processor,
    ),
  })
}

async function answer(
  gate: Gatehouse,
  headers: Readonly<Record<string, string | null>>,
  method = 'GET',
): Promise<readonly [number, string | undefined]> {
  const response = await gate.get(ONE, headers, method)
  if (method === 'HEAD') return [response.status, undefined]
  return [response.status, ((await response.json()) as { code?: string }).code]
}

const OK = [200, undefined]
const NO_PROOF = [401, 'invalid-proof']

describe('a token bound to a key (DPoP)', () => {
  test('passes with a proof made for this request by the holder of the key', async () => {
    const gate = await gatehouse({ publicUrl: PUBLIC })
    const token = await boundToken()
    expect(await answer(gate, { authorization: `DPoP ${token}`, dpop: await proofOf(token) })).toEqual(OK)
    const head = { authorization: `dpop ${token}`, dpop: await proofOf(token, { htm: 'HEAD' }) }
    expect(await answer(gate, head, 'HEAD')).toEqual(OK)
  })

  test('passes whatever the query of the request and of the proof, and from wherever the address is written the same', async () => {
    const gate = await gatehouse({ publicUrl: `${PUBLIC}/` })
    const token = await boundToken()
    for (const htu of [`${HTU}?id=eq.2#x`, 'HTTPS://VARCO.example:443/gate/records/invoice'])
      expect(
        await answer(gate, { authorization: `DPoP ${token}`, dpop: await proofOf(token, { htu }) }),
      ).toEqual(OK)
  })

  test('does not pass as one that anybody may bear', async () => {
    const gate = await gatehouse({ publicUrl: PUBLIC })
    const token = await boundToken()
    expect(await answer(gate, { authorization: `Bearer ${token}` })).toEqual(NO_PROOF)
    expect(await answer(gate, { authorization: `Bearer ${token}`, dpop: await proofOf(token) })).toEqual(
      NO_PROOF,
    )
    const response = await gate.get(ONE, { authorization: `DPoP ${token}` })
    expect(response.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof", algs="ES256 /)
    expect(gate.log.last).toMatchObject({ decision: 'deny', reasons: ['invalid-proof'], operator: null })
  })

  test('passes once on all nodes together, and on none that cannot know what the others saw', async () => {
    const proofs = memoryProofs()
    const nodes = [
      await gatehouse({ publicUrl: PUBLIC, proofs }),
      await gatehouse({ publicUrl: PUBLIC, proofs }),
    ]
    const token = await boundToken()
    const sent = { authorization: `DPoP ${token}`, dpop: await proofOf(token) }
    const answers = await Promise.all(nodes.map((node) => answer(node, sent)))
    expect(answers.filter(([status]) => status === 200)).toHaveLength(1)
    expect(answers).toContainEqual(NO_PROOF)
    const away: ProofMemory = {
      remember: async () => {
        throw new UnavailableError('proofs')
      },
    }
    const alone = await gatehouse({ publicUrl: PUBLIC, proofs: away })
    const fresh = { authorization: `DPoP ${token}`, dpop: await proofOf(token, { jti: 'another' }) }
    expect(await answer(alone, fresh)).toEqual([503, 'unavailable'])
    expect(alone.log.last).toMatchObject({ decision: 'deny', disclosures: [] })
  })

  test('does not pass a second time with the same proof, however the token was remembered', async () => {
    const gate = await gatehouse({ publicUrl: PUBLIC })
    const token = await boundToken()
    const sent = { authorization: `DPoP ${token}`, dpop: await proofOf(token) }
    const answers = await Promise.all(Array.from({ length: 8 }, () => answer(gate, sent)))
    expect(answers.filter(([status]) => status === 200)).toHaveLength(1)
    gate.clock.advance(millisToMicros(64_000))
    expect(await answer(gate, sent)).toEqual(NO_PROOF)
    expect(await answer(gate, { ...sent, dpop: await proofOf(token, { iat: NOW + 64 }) })).toEqual(OK)
  })

  test('is refused where nobody said under which address the proxy is reached', async () => {
    const gate = await gatehouse()
    const token = await boundToken()
    expect(
      await answer(gate, {
        authorization: `DPoP ${token}`,
        dpop: await proofOf(token, { htu: 'http://localhost/records/invoice' }),
      }),
    ).toEqual(NO_PROOF)
  })

  test.each<[string, Parameters<typeof proofOf>[1]]>([
    ['by another key', { key: thief }],
    ['by another key in the name of the right one', { key: { ...thief, jwk: holder.jwk } }],
    ['for another method', { htm: 'POST' }],
    ['for the method in other letters', { htm: 'get' }],
    ['for another resource', { htu: `${PUBLIC}/records/producer` }],
    ['for another host', { htu: 'https://evil.example/gate/records/invoice' }],
    ['for the address without its prefix', { htu: 'https://varco.example/records/invoice' }],
    ['for what is no address', { htu: 'records/invoice' }],
    ['for another token', { ath: hash('sha256', 'another', 'base64url') }],
    ['for no token', { ath: undefined }],
    ['too long ago', { iat: NOW - 66 }],
    ['in the future', { iat: NOW + 6 }],
    ['at no time', { iat: undefined }],
    ['without an id', { jti: undefined }],
    ['with an empty id', { jti: '' }],
    ['with an id too long', { jti: 'x'.repeat(257) }],
    ['that is an access token', { header: { typ: 'at+jwt' } }],
    ['without a type', { header: { typ: undefined } }],
    ['without its key', { header: { jwk: undefined } }],
    ['that demands something nobody knows', { header: { crit: ['x'], x: 1 } }],
  ])('is refused with a proof made %s', async (_, changes) => {
    const gate = await gatehouse({ publicUrl: PUBLIC })
    const token = await boundToken()
    const dpop = await proofOf(token, changes).catch(() => 'x.y.z')
    expect(await answer(gate, { authorization: `DPoP ${token}`, dpop })).toEqual(NO_PROOF)
  })

  test('is refused with a proof that holds the private key, is signed by a shared secret or by nothing', async () => {
    const gate = await gatehouse({ publicUrl: PUBLIC })
    const token = await boundToken()
    const privateJwk = await exportJWK(holder.sign)
    const secret = new TextEncoder().encode('a secret that both sides have known')
    const good = await proofOf(token)
    const [, payload] = good.split('.')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: holder.jwk })).toString(
      'base64url',
    )
    for (const dpop of [
      await proofOf(token, { key: { ...holder, jwk: privateJwk } }),
      await proofOf(token, {
        header: { alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from(secret).toString('base64url') } },
        secret,
      }),
      `${none}.${payload}.`,
      `${good}, ${await proofOf(token)}`,
      'x'.repeat(5_000),
      '',
    ])
      expect(await answer(gate, { authorization: `DPoP ${token}`, dpop })).toEqual(NO_PROOF)
  })

  test('must come from an issuer that must bind its tokens, and a proof makes no bearer token a bound one', async () => {
    const gate = await gatehouse({ publicUrl: PUBLIC, bundleInForce: bundleThatDemands('dpop') })
    const loose = await tokenOf('anna')
    expect(await answer(gate, { authorization: `Bearer ${loose}` })).toEqual([401, 'invalid-token'])
    expect(await answer(gate, { authorization: `DPoP ${loose}`, dpop: await proofOf(loose) })).toEqual([
      401,
      'invalid-token',
    ])
    const token = await boundToken()
    expect(await answer(gate, { authorization: `DPoP ${token}`, dpop: await proofOf(token) })).toEqual(OK)
    const free = await gatehouse({ publicUrl: PUBLIC })
    expect(await answer(free, { authorization: `DPoP ${loose}`, dpop: await proofOf(loose) })).toEqual(
      NO_PROOF,
    )
  })

  test.each([[{ jkt: 'short' }], [{ jwk: {} }], [{ jkt: 7 }], [{}], ['x'], [null], [[]], [{ kid: 'x' }]])(
    'is none when it is bound to what cannot be checked: %j',
    async (cnf) => {
      const gate = await gatehouse({ publicUrl: PUBLIC })
      const token = await tokenOf('anna', { cnf })
      expect(await answer(gate, { authorization: `Bearer ${token}` })).toEqual([401, 'invalid-token'])
    },
  )
})

describe('a token bound to a client certificate', () => {
  const certificate = Buffer.from(
    [
      'MIIBkTCCATegAwIBAgIUdXrP4csYycS/1qudFhixuAIArHswCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSY3JtLmF1cm9yYS5leGFt',
      'cGxlMCAXDTI2MTEyNTE1MTc1MFoYDzIxMjYxMTAxMTUxNzUwWjAdMRswGQYDVQQDDBJjcm0uYXVyb3JhLmV4YW1wbGUwWTATBgcq',
      'hkjOPQIBBggqhkjOPQMBBwNCAASghcUYiOQP/w3sMs2x6rCOWoQmwttOZQBwuuucOJd/lGE8xud6zRopGMubnggTkv/g+SwUtLAL',
      'R5CUs06FYIDqo1MwUTAdBgNVHQ4EFgQUUZVPS4OnZZ+rn4iKIA1/6Bz8R1owHwYDVR0jBBgwFoAUUZVPS4OnZZ+rn4iKIA1/6Bz8',
      'R1owDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiA0h1sZlUwcBIOZygBV5jzs1xOczcXHCy1946hO4JmOnwIhAJ+W',
      'jQ7jBwN25xjkSQe9dCqJ8QY+dyeflHDpFjVVHhWq',
    ].join(''),
    'base64',
  )
  const thumbprint = createHash('sha256').update(certificate).digest('base64url')
  const header = `:${certificate.toString('base64')}:`

  async function served(options: GatehouseOptions, sent: string | null): Promise<number> {
    const gate = await gatehouse(options)
    await using proxy = await serveProxy(gate.app, {
      host: '127.0.0.1',
      port: 0,
      diagnostics: silentDiagnostics,
    })
    const token = await tokenOf('anna', { cnf: { 'x5t#S256': thumbprint } })
    const response = await fetch(`${proxy.url}${ONE}`, {
      headers: {
        authorization: `Bearer ${token}`,
        'varco-purpose': 'invoice-enquiry',
        'varco-ticket': 'T-1',
        ...(sent === null ? {} : { 'client-cert': sent }),
      },
    })
    await response.text()
    return response.status
  }

  test('passes when a trusted front says the caller came with it, and nobody else', async () => {
    const trustedFronts = ['127.0.0.0/8']
    expect(await served({ trustedFronts }, header)).toBe(200)
    expect(await served({ trustedFronts: ['127.0.0.1'] }, header)).toBe(200)
    expect(await served({}, header)).toBe(401)
    expect(await served({ trustedFronts: ['10.0.0.0/8', '::1'] }, header)).toBe(401)
    expect(await served({ trustedFronts }, null)).toBe(401)
  })

  test('does not pass with another certificate, or with what is none', async () => {
    const trustedFronts = ['127.0.0.1']
    const other = Buffer.from(certificate)
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1
    for (const sent of [
      `:${other.toString('base64')}:`,
      certificate.toString('base64'),
      thumbprint,
      ':AAAA:',
      `${header}, ${header}`,
    ])
      expect(await served({ trustedFronts }, sent)).toBe(401)
  })

  test('is demanded where the bundle says so', async () => {
    const trustedFronts = ['127.0.0.1']
    const bundleInForce = bundleThatDemands('client-certificate')
    expect(await served({ trustedFronts, bundleInForce }, header)).toBe(200)
    const gate = await gatehouse({ bundleInForce, publicUrl: PUBLIC })
    expect(await answer(gate, {})).toEqual([401, 'invalid-token'])
    const token = await boundToken()
    expect(await answer(gate, { authorization: `DPoP ${token}`, dpop: await proofOf(token) })).toEqual([
      401,
      'invalid-token',
    ])
  })

  test.each(['x', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', '', '::/129', '10.0.0.0/-1'])(
    'a front that is no address is a mistake of the settings: %j',
    async (front) => {
      await expect(gatehouse({ trustedFronts: [front] })).rejects.toMatchObject({ code: 'config' })
    },
  )
})
