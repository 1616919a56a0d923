import type { RequestId } from '@varco/core'
import { Hono } from 'hono'
import type { ProxyDependencies } from './dependencies.ts'
import type { Env } from './faces/face.ts'
import { operationsRoutes } from './faces/operations.ts'
import { Metrics } from './metrics.ts'

export interface OperationsDependencies extends Pick<ProxyDependencies, 'probes' | 'readings' | 'labels'> {
  readonly newRequestId: () => RequestId
}

/** How a process is doing that shows no records: `/healthz`, `/readyz` and `/metrics` alone. */
export function createOperations({
  newRequestId,
  probes = {},
  readings = {},
  labels = {},
}: OperationsDependencies): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    c.set('requestId', newRequestId())
    await next()
  })
  operationsRoutes(app, probes, new Metrics({ underWay: () => 0, readings, labels }))
  return app
}
