// A gate under the rules of a random world, on a real PostgreSQL, with one person who asks.
import type { AccessLog, EventDraft } from '@varco/access-log'
import { asId, silentDiagnostics } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { EngagementStore } from '@varco/engagement'
import { assignmentFact, contractFact, operatorFact } from '@varco/engagement/testing'
import type { AccessRequest } from '@varco/policy'
import type { World } from '@varco/policy/testing'
import { postgresRecordSource, type Database } from '@varco/postgres'
import { createProxy } from '@varco/proxy'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

const AUDIENCE = 'https://varco.example/proxy'
export const KEYS = { hmac: new Uint8Array(32).fill(7) }

export interface Heard {
  readonly response: Response
  readonly text: string
  /** What the log got of the request, in order. */
  readonly events: readonly EventDraft[]
}

export type Ask = (
  path: string,
  headers?: Readonly<Record<string, string>>,
  method?: string,
) => Promise<Heard>

export async function openWorldGate({ bundle, request }: World, database: Database): Promise<Ask> {
  const log = new Map<string, EventDraft[]>()
  const issuer = request.contract === null ? 'https://login.gse.example' : 'https://login.aurora.example'
  const { authorization, fetch } = await identityProvider(issuer, request)
  let asked = 0
  const app = createProxy({
    bundle: () => bundle,
    engagement: engagementOf(request, issuer),
    records: postgresRecordSource(database),
    accessLog: loggingTo(log),
    maskKeys: KEYS,
    clock: new ManualClock(request.now),
    newRequestId: () => asId(`req-${++asked}`),
    diagnostics: silentDiagnostics,
    audience: AUDIENCE,
    issuerAddresses: {},
    fetch,
  })
  return async (path, headers = {}, method = 'GET') => {
    const response = await app.request(path, {
      method,
      headers: {
        ...{ authorization, 'varco-purpose': request.purpose ?? '' },
        ...(request.ticket === null ? {} : { 'varco-ticket': 'T1' }),
        ...headers,
      },
    })
    const text = await response.text()
    return { response, text, events: log.get(response.headers.get('x-request-id') ?? '') ?? [] }
  }
}

function loggingTo(log: Map<string, EventDraft[]>): AccessLog {
  return {
    append: async (draft) => {
      log.set(draft.requestId, [...(log.get(draft.requestId) ?? []), draft])
      return { id: asId('w.1.1'), writer: asId('w'), epoch: 1, seq: 1, at: 0n }
    },
  }
}

function engagementOf(request: AccessRequest, issuer: string): EngagementStore {
  const { principal, contract, ticket } = request
  const operator = operatorFact({ issuer, externalId: 'somebody' })
  const { pseudonym, role, unit, attributes } = principal
  return {
    whoIs: async () => ({
      operator,
      assignments: [assignmentFact({ contract: contract?.id ?? null, pseudonym, role, unit, attributes })],
    }),
    contractState: async () => contractFact(),
    grant: async () => null,
    ticket: async () =>
      ticket === null || ticket === 'unknown'
        ? null
        : { ...ticket, contract: contract?.id ?? null, closedAt: null },
  }
}

const pair = await generateKeyPair('ES256', { extractable: true })
const keys = [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256', use: 'sig' }]

async function identityProvider(
  issuer: string,
  { now }: AccessRequest,
): Promise<{ authorization: string; fetch: typeof globalThis.fetch }> {
  const seconds = Number(now / 1_000_000n)
  const token = await new SignJWT({
    iss: issuer,
    aud: AUDIENCE,
    sub: 'somebody',
    iat: seconds,
    exp: seconds + 600,
  })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(pair.privateKey)
  return {
    authorization: `Bearer ${token}`,
    fetch: async (input) =>
      Response.json(
        String(input instanceof Request ? input.url : input).endsWith('/jwks')
          ? { keys }
          : { issuer, jwks_uri: `${issuer}/jwks` },
      ),
  }
}
