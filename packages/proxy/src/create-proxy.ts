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
import { straightReadings, type TakeStraight } from './faces/straight-readings.ts'
import { upstreamFace } from './faces/upstream.ts'
import { InFlight } from './in-flight.ts'
import { answerFault, BUSY, faultOf } from './fault.ts'
import { Metrics } from './metrics.ts'
import { openGate } from './open-gate.ts'
import { refusal } from './problems/problems.ts'

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

/** A hono app, and the way past it for what is asked most. */
export interface Proxy extends Hono<Env> {
  readonly takeStraight: TakeStraight
}

/** The proxy's HTTP faces, to be served by `serveProxy` or called by `app.request` in tests. */
export function createProxy(dependencies: ProxyDependencies): Proxy {
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
    const fault = faultOf(error, c.get('requestId'), diagnostics)
    const visit = c.get('visit')
    return visit === undefined ? problem(c, fault) : answerFault(visit, fault)
  })
  return Object.assign(app, { takeStraight: straightReadings({ ...context, inFlight, newRequestId }) })
}

/** What went straight to the connection stands there alone. */
function statusOf(c: Context<Env>): number {
  const { outgoing } = bindingsOf(c)
  return outgoing?.headersSent === true ? outgoing.statusCode : c.res.status
}
