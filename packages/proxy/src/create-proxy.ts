import { faultFields, UnavailableError } from '@varco/core'
import { Hono, type Context } from 'hono'
import { bindingsOf } from './answer/responder.ts'
import type { ProxyDependencies } from './dependencies.ts'
import { authzenFace } from './faces/authzen.ts'
import { declaredWorkFace } from './faces/declared-work.ts'
import { problem, type Env, type Face } from './faces/face.ts'
import { grantsFace } from './faces/grants.ts'
import { openapiFace } from './faces/openapi.ts'
import { operationsFace } from './faces/operations.ts'
import { ownAccessFace } from './faces/own-access.ts'
import { ownInstructionFace } from './faces/own-instruction.ts'
import { ticketsFace } from './faces/tickets.ts'
import { recordsFace } from './faces/records.ts'
import { upstreamFace } from './faces/upstream.ts'
import { InFlight } from './in-flight.ts'
import { Metrics } from './metrics.ts'
import { openGate } from './open-gate.ts'
import { problemResponse } from './problems/problem-response.ts'
import { refusal, unavailable } from './problems/problems.ts'
import type { Refusal } from './refusal.ts'
import { recordFault } from './steps/record-fault.ts'

const FACES: readonly Face[] = [
  recordsFace,
  upstreamFace,
  grantsFace,
  ticketsFace,
  authzenFace,
  ownAccessFace,
  ownInstructionFace,
  declaredWorkFace,
  openapiFace,
]

/** The proxy's HTTP faces, to be served by `serveProxy` or called by `app.request` in tests. */
export function createProxy(dependencies: ProxyDependencies): Hono<Env> {
  const { bundle, diagnostics, newRequestId } = dependencies
  const gate = openGate(dependencies)
  const app = new Hono<Env>()
  const inFlight = new InFlight(gate.limits.inFlight)
  const metrics = new Metrics({
    ...{
      underWay: () => inFlight.count,
      readings: dependencies.readings ?? {},
      labels: dependencies.labels ?? {},
    },
  })
  const context = { gate, bundle, dependencies, metrics }

  app.use(async (c, next) => {
    // Ours, never the caller's: it goes into the log, where a caller's text could be anything.
    c.set('requestId', newRequestId())
    await next()
  })
  // Whoever runs the node is answered however much there is to do.
  operationsFace(app, context)
  app.use(async (c, next) => {
    const arrived = performance.now()
    const place = inFlight.enter()
    if (place === null) {
      metrics.answered(BUSY.status, 0)
      return problem(c, BUSY)
    }
    c.set('place', place)
    try {
      await next()
      metrics.answered(statusOf(c), performance.now() - arrived)
    } finally {
      place.leave()
    }
    return undefined
  })
  for (const mount of FACES) mount(app, context)
  app.notFound((c) => problem(c, refusal('not-found')))
  app.onError(async (error, c) => {
    const fault = error instanceof UnavailableError ? unavailable() : FAULT
    if (error instanceof UnavailableError) {
      diagnostics.warn('a request found a service away', {
        service: error.service,
        request: c.get('requestId'),
      })
    } else {
      diagnostics.error('a request failed', { ...faultFields(error), request: c.get('requestId') })
    }
    const visit = c.get('visit')
    const event = visit === undefined ? null : await recordFault(visit, fault)
    return visit === undefined ? problem(c, fault) : problemResponse(fault, { ...visit, event })
  })
  return app
}

/** What went straight to the connection stands there alone. */
function statusOf(c: Context<Env>): number {
  const { outgoing } = bindingsOf(c)
  return outgoing?.headersSent === true ? outgoing.statusCode : c.res.status
}

const BUSY = unavailable('busy')

/** What it was is for the technical log; the caller learns nothing from it. */
const FAULT: Refusal = {
  refused: true,
  status: 500,
  code: 'internal',
  text: { it: 'Errore interno: nessun dato è stato mostrato.', en: 'Internal error: no data was shown.' },
}
