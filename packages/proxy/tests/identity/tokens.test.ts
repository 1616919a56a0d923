import { Buffer } from 'node:buffer'
import { asId, millisToMicros, type OperatorId } from '@varco/core'
import { FIXTURE_NOW, operatorFact } from '@varco/engagement/testing'
import { CompactSign, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import {
  AUDIENCE,
  AURORA,
  BOREA,
  gatehouse,
  publishedKey,
  signingKey,
  tokenOf,
  type Gatehouse,
} from '../gatehouse.ts'

const ONE = '/records/invoice?id=eq.1&select=number'
const NOW = 1_781_517_600

async function answer(
  gate: Gatehouse,
  authorization: string | null,
): Promise<readonly [number, string | undefined]> {
  const response = await gate.get(ONE, { authorization })
  return [response.status, ((await response.json()) as { code?: string }).code]
}

async function answerTo(token: string): Promise<readonly [number, string | undefined]> {
  return answer(await gatehouse(), `Bearer ${token}`)
}

function encoded(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
}

test('a good token passes', async () => {
  expect(await answerTo(await tokenOf('anna'))).toEqual([200, undefined])
})

test('without a token: 401, and how to come back', async () => {
  const { get, log } = await gatehouse()
  const response = await get(ONE, { authorization: null })
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect(await response.json()).toMatchObject({ code: 'no-token' })
  expect(log.last).toMatchObject({
    decision: 'deny',
    reasons: ['no-token'],
    operator: null,
    processor: null,
    purpose: null,
    ticket: null,
  })
})

describe('refuses a token', () => {
  test.each([
    ['that has expired', { exp: NOW - 6 }, 'expired-token'],
    ['that is not valid yet', { nbf: NOW + 6 }, 'invalid-token'],
    ['made in the future', { iat: NOW + 6 }, 'invalid-token'],
    ['made too long ago, however long it would live', { iat: NOW - 43_206, exp: NOW + 600 }, 'expired-token'],
    ['for another audience', { aud: 'https://elsewhere.example' }, 'invalid-token'],
    ['for no audience', { aud: [] as string[] }, 'invalid-token'],
    ['of an issuer nobody trusts', { iss: 'https://evil.example' }, 'invalid-token'],
    ['of an issuer in other letters', { iss: `${AURORA}/` }, 'invalid-token'],
    ['of nobody', { sub: '' }, 'invalid-token'],
    ['of a list of one name', { sub: ['anna'] }, 'invalid-token'],
    ['of a number', { sub: 7 }, 'invalid-token'],
    ['of somebody with a name too long', { sub: 'x'.repeat(256) }, 'invalid-token'],
    [
      'of somebody with a line break in the name',
      { sub: 'anna\nhttps://login.gse.example' },
      'invalid-token',
    ],
    ['without an end', { exp: undefined }, 'invalid-token'],
    ['without a beginning', { iat: undefined }, 'invalid-token'],
    ['of another kind', { header: { typ: 'dpop+jwt' } }, 'invalid-token'],
    ['with a critical header nobody knows', { header: { crit: ['b64x'], b64x: true } }, 'invalid-token'],
    ['that names a key nobody published', { header: { kid: 'key-2' } }, 'invalid-token'],
  ])('%s', async (_, claims, code) => {
    const made = tokenOf('anna', claims as never).catch(() => null)
    const token = (await made) ?? (await handMade(claims))
    expect(await answerTo(token)).toEqual([401, code])
  })

  test('signed by another key in the issuer’s name', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    expect(await answerTo(await tokenOf('anna', { key: privateKey }))).toEqual([401, 'invalid-token'])
  })

  test('whose signature covers another payload', async () => {
    const [head, , signature] = (await tokenOf('anna')).split('.')
    const other = encoded({ iss: AURORA, aud: AUDIENCE, sub: 'bruno', iat: NOW - 60, exp: NOW + 600 })
    expect(await answerTo(`${head}.${other}.${signature}`)).toEqual([401, 'invalid-token'])
  })

  test('that is not signed, however it says so', async () => {
    const claims = { iss: AURORA, aud: AUDIENCE, sub: 'anna', iat: NOW - 60, exp: NOW + 600 }
    expect(await answerTo(new UnsecuredJWT(claims).encode())).toEqual([401, 'invalid-token'])
    for (const alg of ['none', 'None', 'NONE', '', null]) {
      expect(await answerTo(`${encoded({ alg, typ: 'JWT', kid: 'key-1' })}.${encoded(claims)}.`)).toEqual([
        401,
        'invalid-token',
      ])
    }
  })

  test('signed with the public key as a shared secret', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const secret = new TextEncoder().encode(await exportSPKI(pair.publicKey))
    expect(await answerTo(await tokenOf('anna', { header: { alg: 'HS256' }, key: secret }))).toEqual([
      401,
      'invalid-token',
    ])
  })

  test('that brings its own key, or says where to fetch it, and nobody goes there', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await crypto.subtle.exportKey('jwk', publicKey)
    for (const header of [
      { jwk },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example/cert' },
      { kid: '../../../../dev/null' },
      { kid: "key-1' OR '1'='1" },
      { kid: 'https://evil.example/key' },
    ]) {
      const gate = await gatehouse()
      expect(await answer(gate, `Bearer ${await tokenOf('anna', { header, key: privateKey })}`)).toEqual([
        401,
        'invalid-token',
      ])
      expect(gate.asked.filter((url) => !url.startsWith(AURORA))).toEqual([])
    }
  })

  test.each([
    '',
    'x',
    '..',
    'a.b.c',
    'a.b.c.d.e',
    `${encoded({ alg: 'ES256' })}.${encoded('[]')}.x`,
    `${encoded('{')}.${encoded('{')}.x`,
    'x'.repeat(8_193),
  ])('that is none: %#', async (token) => {
    expect(await answerTo(token)).toEqual([401, 'invalid-token'])
  })

  test('that is longer than any, however well it is signed', async () => {
    expect(await answerTo(await tokenOf('anna', { note: 'x'.repeat(5_000) }))).toEqual([200, undefined])
    expect(await answerTo(await tokenOf('anna', { note: 'x'.repeat(8_000) }))).toEqual([401, 'invalid-token'])
  })

  test('that holds another one, whoever signed either', async () => {
    const inner = await tokenOf('anna')
    const { privateKey } = await generateKeyPair('ES256')
    for (const token of [
      await signed(inner, { cty: 'JWT' }),
      await signed(JSON.stringify(inner)),
      await signed(inner, { cty: 'JWT' }, privateKey),
      await tokenOf(null, { jwt: inner }),
      `${encoded({ alg: 'dir', enc: 'A128GCM', cty: 'JWT' })}..x.${encoded(inner)}.y`,
    ])
      expect(await answerTo(token)).toEqual([401, 'invalid-token'])
  })

  test('whose claims stand within one another without end', async () => {
    const deep = `${'['.repeat(2_000)}${']'.repeat(2_000)}`
    const claims = { iss: AURORA, aud: AUDIENCE, iat: NOW - 60, exp: NOW + 600 }
    const within = (name: string): string => `${JSON.stringify(claims).slice(0, -1)},"${name}":${deep}}`
    expect(await answerTo(await signed(within('sub')))).toEqual([401, 'invalid-token'])
    expect(await answerTo(await signed(within('cnf').replace('{', '{"sub":"anna",')))).toEqual([
      401,
      'invalid-token',
    ])
    expect(await answerTo(`${encoded({ alg: 'ES256' })}.${encoded(deep)}.x`)).toEqual([401, 'invalid-token'])
  })

  test('that ends at no moment there is', async () => {
    const claims = { iss: AURORA, aud: AUDIENCE, sub: 'anna', iat: NOW - 60 }
    for (const exp of ['1e999', '"9e9"', '[9e9]', 'null'])
      expect(await answerTo(await signed(`${JSON.stringify(claims).slice(0, -1)},"exp":${exp}}`))).toEqual([
        401,
        'invalid-token',
      ])
  })

  test('sent in another way than as one Bearer token', async () => {
    const good = await tokenOf('anna')
    const gate = await gatehouse()
    for (const authorization of [
      good,
      `Basic ${good}`,
      `Bearer ${good}, Bearer ${good}`,
      `Bearer ${good} x`,
      'Bearer',
      `Token ${good}`,
    ]) {
      expect(await answer(gate, authorization)).toEqual([401, 'invalid-token'])
    }
    expect(await answer(gate, `bearer  ${good}`)).toEqual([200, undefined])
  })
})

test('an issuer speaks for its own people only', async () => {
  const gate = await gatehouse()
  // Signed by the key that both issuers of this test publish: what stops it is the person, not the signature.
  expect(await answer(gate, `Bearer ${await tokenOf('anna', { iss: BOREA })}`)).toEqual([
    403,
    'no-assignment',
  ])
  expect(gate.log.last).toMatchObject({ processor: 'borea', operator: null })
})

describe('a token that passed is remembered', () => {
  test('and its issuer asked for its keys once', async () => {
    const gate = await gatehouse()
    for (let times = 0; times < 5; times++)
      expect(await answer(gate, `Bearer ${await tokenOf(times % 2 === 0 ? 'anna' : 'other')}`)).not.toContain(
        401,
      )
    expect(gate.asked).toEqual([`${AURORA}/.well-known/openid-configuration`, `${AURORA}/jwks`])
  })

  test('until it ends, and not a microsecond beyond the clock’s tolerance', async () => {
    const gate = await gatehouse()
    const authorization = `Bearer ${await tokenOf('anna', { exp: NOW + 100 })}`
    expect(await answer(gate, authorization)).toEqual([200, undefined])
    gate.clock.advance(millisToMicros(104_999))
    expect(await answer(gate, authorization)).toEqual([200, undefined])
    gate.clock.advance(millisToMicros(1))
    expect(await answer(gate, authorization)).toEqual([401, 'expired-token'])
  })

  test('no longer than five minutes without being checked again', async () => {
    let checks = 0
    const verify = crypto.subtle.verify.bind(crypto.subtle)
    const gate = await gatehouse()
    const authorization = `Bearer ${await tokenOf('anna', { exp: NOW + 3_600 })}`
    crypto.subtle.verify = (...args) => {
      checks++
      return verify(...args)
    }
    try {
      for (const minutes of [0, 2, 2, 2]) {
        gate.clock.advance(millisToMicros(minutes * 60_000))
        expect(await answer(gate, authorization)).toEqual([200, undefined])
      }
    } finally {
      crypto.subtle.verify = verify
    }
    expect(checks).toBe(2)
  })
})

describe('an identity provider', () => {
  const withFetch = (fetch: typeof globalThis.fetch): Promise<Gatehouse> => gatehouse({ fetch })

  test.each([
    ['does not answer', async (): Promise<Response> => Promise.reject(new TypeError('fetch failed'))],
    ['answers with an error', async (): Promise<Response> => new Response(null, { status: 500 })],
    ['answers with nonsense', async (): Promise<Response> => new Response('<html>')],
    [
      'answers for another',
      async (): Promise<Response> =>
        Response.json({ issuer: 'https://evil.example', jwks_uri: 'https://evil.example/jwks' }),
    ],
  ])('that %s makes its people wait: 503, not 401', async (_, fetch) => {
    const gate = await withFetch(fetch)
    expect(await answer(gate, `Bearer ${await tokenOf('anna')}`)).toEqual([503, 'unavailable'])
  })

  test('is reached at its address, keys included', async () => {
    const asked: string[] = []
    const gate = await gatehouse({
      issuerAddresses: { [AURORA]: 'http://127.0.0.1:4402/aurora' },
      fetch: async (input) => {
        const url = String(input instanceof Request ? input.url : input)
        asked.push(url)
        if (url.endsWith('openid-configuration'))
          return Response.json({ issuer: AURORA, jwks_uri: `${AURORA}/keys/jwks` })
        return Response.json({ keys: [] })
      },
    })
    expect(await answer(gate, `Bearer ${await tokenOf('anna')}`)).toEqual([401, 'invalid-token'])
    expect(asked).toEqual([
      'http://127.0.0.1:4402/aurora/.well-known/openid-configuration',
      'http://127.0.0.1:4402/aurora/keys/jwks',
    ])
  })

  test('that is away is left alone longer and longer, and found again when it is back', async () => {
    let away = true
    let asked = 0
    const gate = await withFetch(async (input) => {
      asked++
      if (away) throw new TypeError('fetch failed')
      return published(input, 'key-1')
    })
    const authorization = `Bearer ${await tokenOf('anna')}`
    for (let second = 0; second < 120; second++) {
      expect(await answer(gate, authorization)).toEqual([503, 'unavailable'])
      gate.clock.advance(millisToMicros(1_000))
    }
    // After 1, 2, 4, 8, 16, 32 and then 60 seconds.
    expect(asked).toBe(7)
    away = false
    gate.clock.advance(millisToMicros(60_000))
    expect(await answer(gate, `Bearer ${await tokenOf('anna', { iat: NOW + 170, exp: NOW + 400 })}`)).toEqual(
      [200, undefined],
    )
  })

  test('may change its key: the new one is found, and the old one is no more than remembered', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    try {
      let current = 'key-1'
      const gate = await withFetch(async (input) => published(input, current))
      expect(await answer(gate, `Bearer ${await tokenOf('anna')}`)).toEqual([200, undefined])
      current = 'key-2'
      vi.setSystemTime(Date.now() + 11_000)
      const rotated = await tokenOf('anna', { header: { kid: 'key-2' } })
      expect(await answer(gate, `Bearer ${rotated}`)).toEqual([200, undefined])
      const old = await tokenOf('anna', { exp: NOW + 500 })
      expect(await answer(gate, `Bearer ${old}`)).toEqual([401, 'invalid-token'])
    } finally {
      vi.useRealTimers()
    }
  })

  test('says again within the hour where its keys are, and while it does not the old place serves', async () => {
    const asked: string[] = []
    let away = false
    const gate = await withFetch(async (input) => {
      const url = String(input instanceof Request ? input.url : input)
      asked.push(url)
      if (away && url.endsWith('openid-configuration')) return new Response(null, { status: 500 })
      return published(input, 'key-1')
    })
    const ask = async (at: number): Promise<unknown> =>
      answer(gate, `Bearer ${await tokenOf('anna', { iat: NOW + at, exp: NOW + at + 60 })}`)
    const discoveries = (): number => asked.filter((url) => url.endsWith('openid-configuration')).length
    expect(await ask(0)).toEqual([200, undefined])
    gate.clock.advance(millisToMicros(3_601_000))
    away = true
    expect([await ask(3_601), discoveries()]).toEqual([[200, undefined], 2])
    away = false
    gate.clock.advance(millisToMicros(2_000))
    expect([await ask(3_603), discoveries()]).toEqual([[200, undefined], 3])
    expect([await ask(3_602), discoveries()]).toEqual([[200, undefined], 3])
  })

  test('is not asked again and again for keys that it does not have', async () => {
    const gate = await gatehouse()
    for (let times = 0; times < 20; times++)
      await answer(gate, `Bearer ${await tokenOf('anna', { header: { kid: `made-up-${times}` } })}`)
    expect(gate.asked.length).toBeLessThan(5)
  })
})

test('strangers in numbers do not fill the log: beyond a few they are counted', async () => {
  const { get, log, clock } = await gatehouse()
  for (let times = 0; times < 200; times++)
    expect((await get(ONE, { authorization: 'Bearer x.y.z' })).status).toBe(401)
  expect(log.drafts).toHaveLength(60)
  clock.advance(millisToMicros(1_000))
  await get(ONE, { authorization: 'Bearer x.y.z' })
  expect(log.drafts).toHaveLength(61)
  expect(log.last.detail).toEqual({ unrecorded_before: 140 })
  log.failing = true
  clock.advance(millisToMicros(1_000))
  expect((await get(ONE, { authorization: null })).status).toBe(401)
})

async function handMade(claims: object): Promise<string> {
  const { header = {}, ...payload } = claims as { header?: Record<string, unknown> }
  const head = { alg: 'ES256', kid: 'key-1', typ: 'at+jwt' }
  const body = { iss: AURORA, aud: AUDIENCE, sub: 'anna', iat: NOW - 60, exp: NOW + 600, ...payload }
  const signed = await new SignJWT(body).setProtectedHeader(head).sign(signingKey)
  if (Object.keys(header).length === 0) return signed
  const input = `${encoded({ ...head, ...header })}.${encoded(body)}`
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    signingKey,
    new TextEncoder().encode(input),
  )
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

/** Any text in a token's place for claims, signed as the issuer signs. */
function signed(payload: string, header: object = {}, key = signingKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'at+jwt', ...header })
    .sign(key)
}

/** What an issuer publishes, with its one key under this name. */
function published(input: Parameters<typeof globalThis.fetch>[0], kid: string): Response {
  const url = new URL(input instanceof Request ? input.url : input)
  return url.pathname === '/jwks'
    ? Response.json({ keys: [{ ...publishedKey, kid }] })
    : Response.json({ issuer: url.origin, jwks_uri: `${url.origin}/jwks` })
}

test('a service with no person behind it is marked as such in the log, permitted or refused', async () => {
  const gate = await gatehouse()
  const service = {
    ...operatorFact({ issuer: AURORA, externalId: 'crm' }),
    id: asId<OperatorId>('o-crm'),
    kind: 'workload' as const,
  }
  const known = await gate.engagement.whoIs(AURORA, 'anna', FIXTURE_NOW)
  const [assignment] = known?.assignments ?? []
  if (assignment === undefined) throw new Error('anna works for aurora')
  await gate.engagement.putMany({
    operators: [service],
    assignments: [{ ...assignment, operator: service.id, pseudonym: asId('op-crm') }],
  })
  const authorization = `Bearer ${await tokenOf('crm')}`
  expect(await answer(gate, authorization)).toEqual([200, undefined])
  expect(gate.log.last.detail).toEqual({ principal: 'workload' })
  await gate.get('/records/invoice?select=ghost', { authorization })
  expect(gate.log.last).toMatchObject({ decision: 'deny', detail: { principal: 'workload' } })
  await gate.get(ONE)
  expect(gate.log.last.detail).toBeNull()
})
