import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { playDay, startIdentityProvider, type IdentityProvider } from '@varco/demo'
import type { PlannedRequest } from '../../src/day/planned-request.ts'
import { OPERATOR, plannedRequest } from './planned-request.ts'

const AUDIENCE = 'https://varco.example/proxy'
const SECOND = { ...OPERATOR, username: 'alfa.due' }
const PROTAGONIST = { kind: 'producer', id: 'P1' }

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let idp: IdentityProvider
let proxy: Server
let answer: Answer
let proxyUrl: string

beforeEach(async () => {
  const people = [OPERATOR, SECOND].map(({ username, password }) => ({ sub: username, username, password }))
  idp = await startIdentityProvider({
    demo: true,
    port: 0,
    issuers: [{ issuer: OPERATOR.issuer, path: 'alfa', people }],
    audience: AUDIENCE,
    consoleClientSecret: 'console-secret-of-the-test',
    consoleRedirectUris: ['http://127.0.0.1:4401/callback'],
  })
  proxy = createServer((request, response) => {
    answer(request, response)
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  const address = proxy.address()
  proxyUrl = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
})

afterEach(async () => {
  await idp[Symbol.asyncDispose]()
  proxy.closeAllConnections()
  proxy.close()
})

const permit: Answer = (_request, response) => {
  response.writeHead(200, {
    'content-type': 'application/json',
    'varco-event': 'p.1.1',
    'varco-masked': 'iban',
  })
  response.end(JSON.stringify([{ number: '1', iban: '••••0001' }]))
}

const deny =
  (status: number, code: string): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', 'varco-event': 'p.1.2' })
    response.end(JSON.stringify({ type: 'about:blank', status, code }))
  }

async function play(
  requests: readonly PlannedRequest[],
  more: { atOnce?: number; onProgress?: (done: number) => void; stop?: AbortSignal } = {},
) {
  const numbered = requests.map((planned, index) => ({ ...planned, number: index + 1 }))
  return playDay({
    plan: { requests: numbered, protagonist: PROTAGONIST },
    proxyUrl,
    addresses: idp.addresses,
    audience: AUDIENCE,
    ...more,
  })
}

test('sends what the operator’s software would: dialect, headers and a real token', async () => {
  const seen: IncomingMessage[] = []
  answer = (request, response) => {
    seen.push(request)
    permit(request, response)
  }
  const summary = await play([plannedRequest()])
  expect(seen[0]?.url).toBe('/records/invoice?producer_id=eq.P1&select=number%2Ciban')
  expect(seen[0]?.headers).toMatchObject({ 'varco-purpose': 'invoice-enquiry', 'varco-ticket': 'T1' })
  const token = seen[0]?.headers.authorization?.replace('Bearer ', '') ?? ''
  expect(decodeJwt(token)).toMatchObject({ iss: OPERATOR.issuer, sub: 'alfa.uno', aud: AUDIENCE })
  expect(summary).toMatchObject({
    requests: 1,
    operators: 1,
    permitted: 1,
    masked: 1,
    denied: 0,
    faults: 0,
    mismatches: 0,
  })
})

test('counts what happened, by outcome, code and contract', async () => {
  const answers: Answer[] = [
    permit,
    deny(403, 'outside-annex'),
    deny(403, 'outside-annex'),
    deny(401, 'bad-token'),
    deny(503, 'unavailable'),
  ]
  answer = (request, response) => {
    answers.shift()?.(request, response)
  }
  const refused = plannedRequest({
    kind: 'outside',
    expect: { outcome: 'deny', status: 403, codes: ['outside-annex'] },
  })
  const own = { ...SECOND, contract: null }
  const summary = await play(
    [
      plannedRequest(),
      refused,
      { ...refused, operator: own },
      { ...refused, operator: own },
      { ...refused, operator: own },
    ],
    { atOnce: 1 },
  )
  expect(summary).toMatchObject({
    requests: 5,
    operators: 2,
    permitted: 1,
    denied: 3,
    faults: 1,
    protagonist: PROTAGONIST,
  })
  expect(summary.deniedByCode).toEqual({ 'outside-annex': 2, 'bad-token': 1 })
  expect(summary.byContract).toEqual([
    { contract: null, requests: 3, permitted: 0, denied: 2 },
    { contract: 'alfa-2026', requests: 2, permitted: 1, denied: 1 },
  ])
  expect(summary.mismatches).toBe(2)
  expect(summary.firstMismatches).toEqual([
    { number: 4, kind: 'outside', times: 1, difference: 'expected 403 outside-annex, got 401 bad-token' },
    { number: 5, kind: 'outside', times: 1, difference: 'expected 403 outside-annex, got 503 unavailable' },
  ])
})

test('lists what went wrong once for each sort, the most frequent first', async () => {
  answer = deny(403, 'no-rule')
  const outside = plannedRequest({
    kind: 'outside',
    expect: { outcome: 'deny', status: 403, codes: ['outside-annex'] },
  })
  const { mismatches, firstMismatches } = await play([plannedRequest(), outside, outside])
  expect(mismatches).toBe(3)
  expect(firstMismatches).toEqual([
    { number: 2, kind: 'outside', times: 2, difference: 'expected outside-annex, got no-rule' },
    { number: 1, kind: 'invoice-enquiry', times: 1, difference: 'expected a permit, got 403 no-rule' },
  ])
})

test('lets each operator do one thing at a time, and many operators at once', async () => {
  const atWork = new Map<string, number>()
  let together = 0
  answer = (request, response) => {
    const who = String(decodeJwt(request.headers.authorization?.replace('Bearer ', '') ?? '').sub)
    atWork.set(who, (atWork.get(who) ?? 0) + 1)
    expect(atWork.get(who)).toBe(1)
    together = Math.max(
      together,
      [...atWork.values()].reduce((a, b) => a + b),
    )
    setTimeout(() => {
      atWork.set(who, 0)
      permit(request, response)
    }, 5)
  }
  const done: number[] = []
  const requests = Array.from({ length: 10 }, (_, index) =>
    plannedRequest({ operator: index % 2 === 0 ? OPERATOR : SECOND }),
  )
  await play(requests, { onProgress: (count) => done.push(count) })
  expect(together).toBe(2)
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('forges with a key of its own and sends nothing where nothing is meant', async () => {
  const tokens: (string | undefined)[] = []
  answer = (request, response) => {
    tokens.push(request.headers.authorization)
    deny(401, 'bad-token')(request, response)
  }
  const expectation = { outcome: 'deny', status: 401, codes: ['bad-token'] } as const
  await play([
    plannedRequest({ credential: 'none', expect: expectation }),
    plannedRequest({ credential: 'forged', expect: expectation }),
  ])
  expect(tokens[0]).toBeUndefined()
  expect(decodeProtectedHeader(tokens[1]?.replace('Bearer ', '') ?? '').kid).toBe('stolen')
  expect(decodeJwt(tokens[1]?.replace('Bearer ', '') ?? '').iss).toBe(OPERATOR.issuer)
})

const busy =
  (retryAfter: string): Answer =>
  (_request, response) => {
    response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': retryAfter })
    response.end(JSON.stringify({ type: 'about:blank', status: 503, code: 'busy' }))
  }

test('comes again when a gate with too much to do says when, and what it answers then counts', async () => {
  const answers: Answer[] = [busy('0'), busy('1'), permit]
  answer = (request, response) => {
    answers.shift()?.(request, response)
  }
  const started = performance.now()
  const summary = await play([plannedRequest()])
  expect(summary).toMatchObject({ requests: 1, permitted: 1, faults: 0, mismatches: 0, putOff: 2 })
  expect(performance.now() - started).toBeGreaterThanOrEqual(1_000)
  expect(summary.latency.p50).toBeGreaterThanOrEqual(1_000)
})

test('a gate that never answers, or not within a person’s patience, is a fault', async () => {
  const asked: string[] = []
  answer = (request, response) => {
    const patience = asked.length < 4 ? '0' : '3600'
    asked.push(patience)
    busy(patience)(request, response)
  }
  const summary = await play([plannedRequest(), plannedRequest()])
  expect(asked).toEqual(['0', '0', '0', '0', '3600'])
  expect(summary).toMatchObject({ requests: 2, faults: 2, mismatches: 2, putOff: 3 })
})

test('a proxy that is gone is a fault of each request, not of the day', async () => {
  proxy.close()
  const summary = await play([plannedRequest(), plannedRequest()])
  expect(summary).toMatchObject({ requests: 2, faults: 2, mismatches: 2 })
})

test('a person the issuer does not know ends the day at once: the sample and the logins do not fit', async () => {
  answer = permit
  await expect(
    play([plannedRequest({ operator: { ...OPERATOR, password: 'other' } })]),
  ).rejects.toMatchObject({ code: 'demo-login' })
})

test('stops when told, between two requests', async () => {
  answer = permit
  const stopping = new AbortController()
  const requests = Array.from({ length: 10 }, () => plannedRequest())
  const summary = await play(requests, {
    stop: stopping.signal,
    onProgress: (count) => {
      if (count === 3) stopping.abort()
    },
  })
  expect(summary.requests).toBe(3)
})
