import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  requestDemoToken,
  startIdentityProvider,
  type IdentityProvider,
  type IdentityProviderOptions,
} from '@varco/demo'
import { Browser } from './browser.ts'

const GSE = 'https://login.gse.example'
const ALFA = 'https://login.alfa.example'
const AUDIENCE = 'https://varco.example/proxy'
const CALLBACK = 'http://127.0.0.1:4401/callback'
const DPO = {
  sub: 'gse-dpo',
  username: 'dpo',
  password: 'demo-dpo',
  name: 'Élena <Rossi>',
  does: { it: 'Responsabile della protezione dei dati', en: 'Data protection officer' },
}
const UNIT = { sub: 'gse-unit', username: 'unit', password: 'demo-unit' }
const OPERATOR = { sub: 'alfa-1', username: 'alfa.uno', password: 'demo-alfa' }

const OPTIONS: IdentityProviderOptions = {
  demo: true,
  port: 0,
  issuers: [
    { issuer: GSE, path: 'gse', people: [DPO, UNIT] },
    { issuer: ALFA, path: 'alfa', people: [OPERATOR] },
  ],
  audience: AUDIENCE,
  consoleClientSecret: 'console-secret-of-the-test',
  consoleRedirectUris: [CALLBACK],
}

interface Discovery {
  readonly issuer: string
  readonly jwks_uri: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly end_session_endpoint: string
}

let idp: IdentityProvider
let printed: unknown[]

beforeEach(async () => {
  printed = []
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      printed.push(...args)
    })
  }
  idp = await startIdentityProvider(OPTIONS)
})

afterEach(async () => {
  await idp[Symbol.asyncDispose]()
  vi.restoreAllMocks()
})

const addressOf = (issuer: string): string => idp.addresses[issuer] ?? 'none'

async function discover(issuer: string): Promise<Discovery> {
  const response = await fetch(`${addressOf(issuer)}/.well-known/openid-configuration`)
  expect(response.status).toBe(200)
  return (await response.json()) as Discovery
}

describe('discovery', () => {
  test('names the stable issuer and the addresses where things are really reached', async () => {
    const found = await discover(ALFA)
    expect(found.issuer).toBe(ALFA)
    expect(found.jwks_uri).toBe(`${idp.url}/alfa/jwks`)
    expect(found.token_endpoint).toBe(`${idp.url}/alfa/token`)
    expect(found.authorization_endpoint).toBe(`${idp.url}/alfa/auth`)
  })

  test('gives each issuer keys of its own, and no private part', async () => {
    const [gse, alfa] = (await Promise.all(
      [GSE, ALFA].map(async (issuer) => (await fetch((await discover(issuer)).jwks_uri)).json()),
    )) as { keys: { kid: string; d?: string }[] }[]
    expect(gse?.keys).toHaveLength(1)
    expect(gse?.keys[0]?.kid).not.toBe(alfa?.keys[0]?.kid)
    expect(JSON.stringify([gse, alfa])).not.toContain('"d"')
  })

  test('answers 404 outside the issuers', async () => {
    expect((await fetch(`${idp.url}/other/jwks`)).status).toBe(404)
    expect((await fetch(idp.url)).status).toBe(404)
  })

  test('prints nothing: no warning of the library reaches the console', async () => {
    await requestDemoToken(addressOf(GSE), DPO)
    await fetch(`${addressOf(GSE)}/auth`, { headers: { accept: 'text/html' } })
    expect(printed).toEqual([])
  })
})

describe('the demo grant', () => {
  test('gives a person a signed token for the proxy, under the stable issuer', async () => {
    const { accessToken, expiresIn } = await requestDemoToken(addressOf(ALFA), OPERATOR)
    const keys = createRemoteJWKSet(new URL((await discover(ALFA)).jwks_uri))
    const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
      issuer: ALFA,
      audience: AUDIENCE,
      typ: 'at+jwt',
    })
    expect(protectedHeader.alg).toBe('ES256')
    expect(payload.sub).toBe('alfa-1')
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(expiresIn)
    expect(expiresIn).toBeLessThanOrEqual(15 * 60)
  })

  test('signs nothing another issuer’s keys would verify', async () => {
    const { accessToken } = await requestDemoToken(addressOf(ALFA), OPERATOR)
    const keys = createRemoteJWKSet(new URL((await discover(GSE)).jwks_uri))
    await expect(jwtVerify(accessToken, keys)).rejects.toThrow('no applicable key')
  })

  test.each([
    ['a wrong password', { username: 'alfa.uno', password: 'demo-alfa ' }],
    ['an unknown username', { username: 'nobody', password: 'demo-alfa' }],
    ['no password', { username: 'alfa.uno', password: '' }],
    ['a person of another issuer', DPO],
  ])('refuses %s', async (_case, person) => {
    await expect(requestDemoToken(addressOf(ALFA), person)).rejects.toMatchObject({ code: 'demo-login' })
  })

  test('is not for the console, whose people log in by themselves', async () => {
    const response = await fetch(`${addressOf(GSE)}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('varco-console:console-secret-of-the-test')}` },
      body: new URLSearchParams({
        grant_type: 'urn:varco:demo:password',
        username: DPO.username,
        password: DPO.password,
      }),
    })
    expect(response.status).toBe(400)
  })

  test('says in a sentence that the demo is not running', async () => {
    await expect(requestDemoToken('http://127.0.0.1:1/gse', DPO)).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
})

describe('the console’s login', () => {
  const verifier = 'v'.repeat(64)
  const challenge = createHash('sha256').update(verifier).digest('base64url')

  async function authorizationUrl(more: Record<string, string | undefined> = {}): Promise<string> {
    const { authorization_endpoint } = await discover(GSE)
    const parameters = {
      client_id: 'varco-console',
      response_type: 'code',
      scope: 'openid profile',
      redirect_uri: CALLBACK,
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    }
    const url = new URL(authorization_endpoint)
    for (const [name, value] of Object.entries(parameters))
      if (value !== undefined) url.searchParams.set(name, value)
    return url.href
  }

  async function exchange(code: string, more: Record<string, string> = {}): Promise<Response> {
    return fetch((await discover(GSE)).token_endpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('varco-console:console-secret-of-the-test')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        code_verifier: verifier,
        ...more,
      }),
    })
  }

  test('goes through the page to a code, and the code gives an ID token with the person’s name', async () => {
    const browser = new Browser()
    const page = await browser.open(await authorizationUrl())
    expect(page.status).toBe(200)
    const end = await browser.submit(page, { username: 'dpo', password: 'demo-dpo' })
    expect(end.leftFor?.origin).toBe('http://127.0.0.1:4401')
    expect(end.leftFor?.searchParams.get('state')).toBe('state-1')
    expect(end.leftFor?.searchParams.get('iss')).toBe(GSE)
    const response = await exchange(end.leftFor?.searchParams.get('code') ?? '')
    expect(response.status).toBe(200)
    const { id_token } = (await response.json()) as { id_token: string }
    const keys = createRemoteJWKSet(new URL((await discover(GSE)).jwks_uri))
    const { payload } = await jwtVerify(id_token, keys, { issuer: GSE, audience: 'varco-console' })
    expect(payload).toMatchObject({
      sub: 'gse-dpo',
      nonce: 'nonce-1',
      name: 'Élena <Rossi>',
      preferred_username: 'dpo',
    })
  })

  test('gives an access token for the proxy when the console asks for that resource', async () => {
    const browser = new Browser()
    const page = await browser.open(await authorizationUrl({ resource: AUDIENCE }))
    const end = await browser.submit(page, { username: 'dpo', password: 'demo-dpo' })
    const response = await exchange(end.leftFor?.searchParams.get('code') ?? '', { resource: AUDIENCE })
    const { access_token } = (await response.json()) as { access_token: string }
    expect(decodeJwt(access_token)).toMatchObject({ iss: GSE, aud: AUDIENCE, sub: 'gse-dpo' })
    expect(decodeProtectedHeader(access_token).typ).toBe('at+jwt')
  })

  test('refuses a wrong password on the page, in words, and keeps the username', async () => {
    const browser = new Browser()
    const page = await browser.open(await authorizationUrl({ ui_locales: 'en' }))
    const again = await browser.submit(page, { username: 'dpo', password: 'guess' })
    expect(again.status).toBe(422)
    expect(again.text).toContain('Unknown username or wrong password.')
    expect(again.text).toContain('value="dpo"')
    expect(again.text).not.toContain('guess')
    const end = await browser.submit(again, { username: 'dpo', password: 'demo-dpo' })
    expect(end.leftFor?.searchParams.has('code')).toBe(true)
  })

  test('asks again at the next login, so that another person may come', async () => {
    const browser = new Browser()
    await browser.submit(await browser.open(await authorizationUrl()), {
      username: 'dpo',
      password: 'demo-dpo',
    })
    const second = await browser.open(await authorizationUrl())
    expect(second.status).toBe(200)
    expect(second.text).toContain('name="password"')
  })

  test('lets a person go back without logging in', async () => {
    const browser = new Browser()
    const end = await browser.submit(await browser.open(await authorizationUrl()), { cancel: 'yes' })
    expect(end.leftFor?.searchParams.get('error')).toBe('access_denied')
  })

  test('shows a page in Italian by default, in English when asked, offering the people with a part, escaped', async () => {
    const browser = new Browser()
    const italian = await browser.open(await authorizationUrl())
    expect(italian.text).toContain('<html lang="it">')
    expect(italian.text).toContain('Responsabile della protezione dei dati')
    expect(italian.text).toContain('Élena &#60;Rossi&#62;')
    const english = await browser.open(`${italian.url}?lang=en&as=dpo`)
    expect(english.text).toContain('<html lang="en">')
    expect(english.text).toContain('value="dpo"')
  })

  test('loads nothing from elsewhere and runs no script', async () => {
    const page = await new Browser().open(await authorizationUrl())
    expect(page.text).not.toMatch(/<script|src=|<link|@import|url\(/)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self' http://127.0.0.1:4401")
    const style = /<style>([^]*?)<\/style>/.exec(page.text)?.[1] ?? ''
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  })

  test.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with the plain PKCE method', { code_challenge_method: 'plain' }],
    ['for another resource', { resource: 'https://elsewhere.example' }],
  ])('refuses a request %s', async (_case, more) => {
    const page = await new Browser().open(await authorizationUrl(more))
    expect(page.leftFor?.searchParams.get('error')).toMatch(/^invalid_/)
  })

  test('refuses an unknown redirect address on a page of its own, without leaving', async () => {
    const page = await new Browser().open(
      await authorizationUrl({ redirect_uri: 'https://elsewhere.example/' }),
    )
    expect(page.status).toBe(400)
    expect(page.leftFor).toBeNull()
    expect(page.text).toContain('Accesso non riuscito')
  })

  test('refuses a code twice, and a wrong verifier', async () => {
    const browser = new Browser()
    const end = await browser.submit(await browser.open(await authorizationUrl()), {
      username: 'dpo',
      password: 'demo-dpo',
    })
    const code = end.leftFor?.searchParams.get('code') ?? ''
    expect((await exchange(code, { code_verifier: 'w'.repeat(64) })).status).toBe(400)
    const other = await browser.submit(await browser.open(await authorizationUrl()), {
      username: 'dpo',
      password: 'demo-dpo',
    })
    const secondCode = other.leftFor?.searchParams.get('code') ?? ''
    expect((await exchange(secondCode)).status).toBe(200)
    expect((await exchange(secondCode)).status).toBe(400)
  })

  test('a login page opened by somebody else, without the cookie, is expired', async () => {
    const page = await new Browser().open(await authorizationUrl())
    const stranger = await new Browser().open(page.url)
    expect(stranger.status).toBe(400)
    expect(stranger.text).not.toContain('name="password"')
  })

  test('a form too long or of another type is a wrong password, not a fault', async () => {
    const browser = new Browser()
    const page = await browser.open(await authorizationUrl())
    const long = await browser.submit(page, { username: 'x'.repeat(10_000), password: 'demo-dpo' })
    expect(long.status).toBe(422)
  })

  test('lets another person log in after the first, in the same browser', async () => {
    const browser = new Browser()
    await browser.submit(await browser.open(await authorizationUrl()), {
      username: 'dpo',
      password: 'demo-dpo',
    })
    const between = await browser.submit(await browser.open(await authorizationUrl()), {
      username: 'unit',
      password: 'demo-unit',
    })
    const end = await browser.submit(between, {})
    const { id_token } = (await (await exchange(end.leftFor?.searchParams.get('code') ?? '')).json()) as {
      id_token: string
    }
    expect(decodeJwt(id_token).sub).toBe('gse-unit')
  })

  test('logs out and goes back to the console', async () => {
    const browser = new Browser()
    const login = await browser.submit(await browser.open(await authorizationUrl()), {
      username: 'dpo',
      password: 'demo-dpo',
    })
    const { id_token } = (await (await exchange(login.leftFor?.searchParams.get('code') ?? '')).json()) as {
      id_token: string
    }
    const logout = new URLSearchParams({
      id_token_hint: id_token,
      post_logout_redirect_uri: 'http://127.0.0.1:4401/',
    })
    const page = await browser.open(`${(await discover(GSE)).end_session_endpoint}?${logout.toString()}`)
    expect(page.text).toContain('Uscire?')
    const end = await browser.submit(page, { logout: 'yes' })
    expect(end.leftFor?.href).toMatch(/^http:\/\/127\.0\.0\.1:4401\//)
  })
})

describe('starting', () => {
  test('is refused outside the demo', async () => {
    await expect(startIdentityProvider({ ...OPTIONS, demo: false })).rejects.toMatchObject({
      code: 'demo-only',
    })
  })

  test('is refused for an issuer that could be real', async () => {
    const issuers = [{ issuer: 'https://login.example.com', path: 'real', people: [] }]
    await expect(startIdentityProvider({ ...OPTIONS, issuers })).rejects.toMatchObject({ code: 'demo-only' })
  })

  test('says in a sentence that the port is in use', async () => {
    const port = Number(new URL(idp.url).port)
    await expect(startIdentityProvider({ ...OPTIONS, port })).rejects.toMatchObject({
      code: 'config',
      message: `port ${port} is in use; set VARCO_IDP_PORT to a free one`,
    })
  })

  test('with a keys folder, tokens of before the restart still verify', async () => {
    const keysDir = await mkdtemp(path.join(tmpdir(), 'varco-idp-'))
    try {
      const first = await startIdentityProvider({ ...OPTIONS, keysDir })
      const { accessToken } = await requestDemoToken(first.addresses[GSE] ?? '', DPO)
      await first[Symbol.asyncDispose]()
      await using second = await startIdentityProvider({ ...OPTIONS, keysDir })
      const keys = createRemoteJWKSet(new URL(`${second.addresses[GSE] ?? ''}/jwks`))
      expect((await jwtVerify(accessToken, keys, { issuer: GSE })).payload.sub).toBe('gse-dpo')
    } finally {
      await rm(keysDir, { recursive: true })
    }
  })
})
