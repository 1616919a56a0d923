import { faultFields, UnavailableError } from '@varco/core'
import { Hono } from 'hono'
import type { ProxyDependencies } from './dependencies.ts'
import { authzenFace } from './faces/authzen.ts'
import { problem, type Env, type Face } from './faces/face.ts'
import { grantsFace } from './faces/grants.ts'
import { openapiFace } from './faces/openapi.ts'
import { operationsFace } from './faces/operations.ts'
import { ownAccessFace } from './faces/own-access.ts'
import { ticketsFace } from './faces/tickets.ts'
import { recordsFace } from './faces/records.ts'
import { upstreamFace } from './faces/upstream.ts'
import { openGate } from './open-gate.ts'
import { refusal, unavailable } from './problems/problems.ts'
import type { Refusal } from './refusal.ts'

const FACES: readonly Face[] = [
  recordsFace,
  upstreamFace,
  grantsFace,
  ticketsFace,
  authzenFace,
  ownAccessFace,
  operationsFace,
  openapiFace,
]

/** The proxy's HTTP faces, to be served by `serveProxy` or called by `app.request` in tests. */
export function createProxy(dependencies: ProxyDependencies): Hono<Env> {
  const { bundle, diagnostics, newRequestId } = dependencies
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
  for (const mount of FACES) mount(app, { gate, bundle, dependencies })
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
