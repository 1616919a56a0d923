import { faultFields, UnavailableError, type Locale, type RequestId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { Hono, type Context } from 'hono'
import { commonHeaders } from './answer/common-headers.ts'
import { Budgets } from './budgets.ts'
import { DEFAULT_LIMITS, type ProxyDependencies } from './dependencies.ts'
import { IssuerKeys } from './identity/issuer-keys.ts'
import { StrangerQuota } from './identity/stranger-quota.ts'
import { TokenVerifier } from './identity/token-verifier.ts'
import { readRecords } from './pipeline.ts'
import { negotiateLocale } from './problems/negotiate-locale.ts'
import { problemResponse } from './problems/problem-response.ts'
import { refusal, unavailable } from './problems/problems.ts'
import type { Refusal } from './refusal.ts'
import { emptyTrail, type Gate, type Visit } from './visit.ts'

interface Env {
  Variables: { requestId: RequestId }
}

const PROBE_TIMEOUT_MS = 2_000

/** The proxy's HTTP faces, to be served by `serveProxy` or called by `app.request` in tests. */
export function createProxy(dependencies: ProxyDependencies): Hono<Env> {
  const { bundle, diagnostics, newRequestId, probes = {} } = dependencies
  const gate = openGate(dependencies)
  const app = new Hono<Env>()
  let inFlight = 0

  app.use(async (c, next) => {
    // Ours, never the caller's: it goes into the log, where a caller's text could be anything.
    c.set('requestId', newRequestId())
    if (inFlight >= gate.limits.inFlight) return problem(c, unavailable('busy'))
    inFlight++
    try {
      return await next()
    } finally {
      inFlight--
    }
  })

  app.get('/records/:resource', (c) => readRecords(visitOf(c, gate, bundle())))
  app.all('/records/:resource', (c) =>
    problem(c, refusal('method-not-allowed', { headers: { allow: 'GET, HEAD' } })),
  )
  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, commonHeaders(c.get('requestId'))))
  app.get('/readyz', async (c) => {
    const failing = await failingProbes(probes)
    const status = failing.length === 0 ? 'ok' : 'unavailable'
    return c.json({ status, failing }, status === 'ok' ? 200 : 503, commonHeaders(c.get('requestId')))
  })
  app.notFound((c) => problem(c, refusal('not-found')))
  app.onError((error, c) => {
    if (error instanceof UnavailableError) {
      diagnostics.warn('a request found a service away', {
        service: error.service,
        request: c.get('requestId'),
      })
      return problem(c, unavailable())
    }
    diagnostics.error('a request failed', { ...faultFields(error), request: c.get('requestId') })
    return problem(c, FAULT)
  })
  return app
}

/** What it was is for the technical log; the caller learns nothing from it. */
const FAULT: Refusal = {
  refused: true,
  status: 500,
  code: 'internal',
  text: { it: 'Errore interno: nessun dato è stato mostrato.', en: 'Internal error: no data was shown.' },
}

function openGate(dependencies: ProxyDependencies): Gate {
  const { accessLog, audience, clock, diagnostics, engagement, issuerAddresses, limits, maskKeys, records } =
    dependencies
  const keys = new IssuerKeys({ addresses: issuerAddresses, fetch: dependencies.fetch ?? globalThis.fetch })
  return {
    ...{ accessLog, clock, diagnostics, engagement, maskKeys, records },
    verifier: new TokenVerifier({ keysOf: (issuer) => keys.of(issuer), audience, clock }),
    strangers: new StrangerQuota(clock),
    budgets: new Budgets(clock),
    limits: { ...DEFAULT_LIMITS, ...limits },
  }
}

function visitOf(c: Context<Env, '/records/:resource'>, gate: Gate, bundle: Bundle): Visit {
  const { url } = c.req
  const start = url.indexOf('?')
  return {
    gate,
    bundle,
    now: gate.clock.now(),
    requestId: c.get('requestId'),
    locale: localeOf(c, bundle.document.varco.locale),
    method: c.req.method === 'HEAD' ? 'HEAD' : 'GET',
    resource: c.req.param('resource'),
    query: start < 0 ? '' : url.slice(start + 1),
    header: (name) => c.req.header(name),
    trail: emptyTrail(bundle.version),
  }
}

function localeOf(c: Context<Env>, fallback: Locale): Locale {
  return negotiateLocale(c.req.header('accept-language'), fallback)
}

/** A refusal of no particular reading. */
function problem(c: Context<Env>, reason: Refusal): Response {
  return problemResponse(reason, {
    locale: localeOf(c, 'it'),
    requestId: c.get('requestId'),
    event: null,
    bundle: null,
  })
}

async function failingProbes(probes: NonNullable<ProxyDependencies['probes']>): Promise<readonly string[]> {
  const results = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => {
      const late = AbortSignal.timeout(PROBE_TIMEOUT_MS)
      const tooLate = new Promise<never>((_, reject) => {
        late.addEventListener('abort', () => {
          reject(new UnavailableError(name))
        })
      })
      return Promise.race([probe(), tooLate]).then(
        () => [],
        () => [name],
      )
    }),
  )
  return results.flat()
}
