import { UnavailableError } from '@varco/core'
import { commonHeaders } from '../answer/common-headers.ts'
import type { ProxyDependencies } from '../dependencies.ts'
import type { Hono } from 'hono'
import type { Metrics } from '../metrics.ts'
import type { Env, Face } from './face.ts'

const PROBE_TIMEOUT_MS = 2_000

/** For whoever runs the node: does the process live, does what it needs answer, how is it doing. */
export const operationsFace: Face = (app, { dependencies: { probes = {} }, metrics }) => {
  operationsRoutes(app, probes, metrics)
}

export function operationsRoutes(
  app: Hono<Env>,
  probes: NonNullable<ProxyDependencies['probes']>,
  metrics: Metrics,
): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, commonHeaders(c.get('requestId'))))
  app.get('/readyz', async (c) => {
    const failing = await failingProbes(probes)
    const status = failing.length === 0 ? 'ok' : 'unavailable'
    return c.json({ status, failing }, status === 'ok' ? 200 : 503, commonHeaders(c.get('requestId')))
  })
  app.get('/metrics', async (c) => {
    const headers = { ...commonHeaders(c.get('requestId')), 'content-type': metrics.contentType }
    return c.body(await metrics.text(), 200, headers)
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
