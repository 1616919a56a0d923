import type { AccessLog, Appended, EventDraft } from '@varco/access-log'
import { asId, UnavailableError, type EventId, type RequestId, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { EngagementStore } from '@varco/engagement'
import { FIXTURE_NOW, fixtureEngagement, memoryEngagement } from '@varco/engagement/testing'
import type { Bundle, FetchedRecord, RecordSource } from '@varco/policy'
import { fixtureBundle, memoryRecordSource } from '@varco/policy/testing'
import { createProxy, type ProxyDependencies } from '@varco/proxy'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose'

export const AUDIENCE = 'https://varco.example/proxy'
export const AURORA = 'https://login.aurora.example'
export const BOREA = 'https://login.borea.example'
export const GSE = 'https://login.gse.example'

const keyPair = await generateKeyPair('ES256', { extractable: true })
export const signingKey: CryptoKey = keyPair.privateKey
export const publishedKey = {
  ...(await exportJWK(keyPair.publicKey)),
  kid: 'key-1',
  alg: 'ES256',
  use: 'sig',
}

const NOW_SECONDS = Number(FIXTURE_NOW / 1_000_000n)

/** A token as the issuer would make it, but for what a test changes. */
export function tokenOf(
  sub: string | null,
  claims: JWTPayload & {
    readonly header?: Record<string, unknown>
    readonly key?: CryptoKey | Uint8Array
  } = {},
): Promise<string> {
  const { header, key, ...payload } = claims
  const all: JWTPayload = {
    ...(sub === null ? {} : { sub }),
    ...{ iss: AURORA, aud: AUDIENCE, iat: NOW_SECONDS - 60, exp: NOW_SECONDS + 600 },
    ...payload,
  }
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'at+jwt', ...header })
    .sign(key ?? signingKey)
}

/** Keeps every draft; may be told to fail. */
export class RecordingLog implements AccessLog {
  readonly drafts: EventDraft[] = []
  failing = false
  /** Called before an event counts as committed. */
  beforeCommit: () => Promise<void> = async () => {}

  async append(draft: EventDraft): Promise<Appended> {
    await this.beforeCommit()
    if (this.failing) throw new UnavailableError('access-log')
    this.drafts.push(draft)
    const seq = this.drafts.length
    return {
      id: asId<EventId>(`proxy-1.1.${seq}`),
      writer: asId<WriterId>('proxy-1'),
      epoch: 1,
      seq,
      at: FIXTURE_NOW,
    }
  }

  /** The one event since the last call. */
  get last(): EventDraft {
    const draft = this.drafts.at(-1)
    if (draft === undefined) throw new Error('nothing was recorded')
    return draft
  }
}

export const INVOICES: readonly FetchedRecord[] = [
  invoice('1', { number: '2026/1', amount: '120.50', status: 'issued' }),
  invoice('2', { number: '2026/2', amount: '12345678901234567890.10', status: 'paid', issued_on: null }),
  invoice('3', { number: '2026/3', amount: '7', status: 'sealed' }),
  invoice('4', { number: '2026/4', amount: '9', status: 'issued', producer_id: 'P2' }),
]

function invoice(id: string, values: FetchedRecord): FetchedRecord {
  return {
    ...{ id, producer_id: 'P1', period: '2026-01', issued_on: '2026-02-01' },
    ...{ iban: 'IT60X0542811101000000123456', tax_code: 'RSSMRA80A01H501U' },
    ...values,
  }
}

const PRODUCERS: readonly FetchedRecord[] = [
  {
    id: 'P1',
    name: 'Anna Rossi',
    tax_code: 'RSSMRA80A01H501U',
    birth_date: '1980-01-01',
    email: 'anna@rossi.example',
    iban: null,
    region: 'Lazio',
  },
]
const CHECKS: readonly FetchedRecord[] = [
  {
    id: '7',
    producer_id: 'P1',
    status: 'valid',
    requested_on: '2026-01-01',
    valid_until: '2027-01-01',
    outcome: 'nothing',
    notes: 'secret',
  },
]

export interface Gatehouse {
  readonly app: ReturnType<typeof createProxy>
  readonly log: RecordingLog
  readonly clock: ManualClock
  readonly engagement: ReturnType<typeof memoryEngagement>
  /** Requests to identity providers, by address. */
  readonly asked: string[]
  /** Asks as Anna of the contact centre with ticket T-1, unless told otherwise; `null` takes a header away. */
  readonly get: (
    path: string,
    headers?: Readonly<Record<string, string | null>>,
    method?: string,
  ) => Promise<Response>
  /** The same with a body. */
  readonly send: (path: string, request: SentRequest) => Promise<Response>
  readonly json: (path: string, headers?: Readonly<Record<string, string | null>>) => Promise<unknown>
}

export interface SentRequest {
  readonly method: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export interface GatehouseOptions extends Partial<ProxyDependencies> {
  readonly bundleInForce?: Bundle
  readonly store?: EngagementStore
  readonly source?: RecordSource
}

/** A proxy over doubles: the policy's fixture bundle, its engagement, a few records. */
export async function gatehouse(options: GatehouseOptions = {}): Promise<Gatehouse> {
  const log = new RecordingLog()
  const clock = new ManualClock(FIXTURE_NOW)
  const engagement = memoryEngagement(fixtureEngagement())
  const bundle = options.bundleInForce ?? fixtureBundle()
  const asked: string[] = []
  let requests = 0
  const app = createProxy({
    bundle: () => bundle,
    engagement: options.store ?? engagement,
    records:
      options.source ??
      memoryRecordSource({ invoice: INVOICES, producer: PRODUCERS, antimafia_check: CHECKS }),
    accessLog: log,
    maskKeys: { hmac: new Uint8Array(32) },
    clock,
    newRequestId: () => asId<RequestId>(`req-${++requests}`),
    diagnostics: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    audience: AUDIENCE,
    issuerAddresses: {},
    fetch: identityProviders(asked),
    ...options,
  })
  const anna = await tokenOf('anna')
  const send: Gatehouse['send'] = async (path, { method, headers = {}, body }) => {
    const all = {
      authorization: `Bearer ${anna}`,
      'varco-purpose': 'invoice-enquiry',
      'varco-ticket': 'T-1',
      ...headers,
    }
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)
    return app.request(path, { method, headers: sent, ...(body === undefined ? {} : { body }) })
  }
  const get: Gatehouse['get'] = (path, headers = {}, method = 'GET') => send(path, { method, headers })
  return {
    app,
    log,
    clock,
    engagement,
    asked,
    get,
    send,
    json: async (path, headers) => (await get(path, headers)).json(),
  }
}

/** Every issuer publishes the one key. */
function identityProviders(asked: string[]): typeof globalThis.fetch {
  return async (input) => {
    const url = new URL(input instanceof Request ? input.url : input)
    asked.push(url.href)
    if (url.pathname.endsWith('/.well-known/openid-configuration')) {
      return Response.json({ issuer: url.origin, jwks_uri: `${url.origin}/jwks` })
    }
    return url.pathname === '/jwks'
      ? Response.json({ keys: [publishedKey] })
      : new Response(null, { status: 404 })
  }
}
