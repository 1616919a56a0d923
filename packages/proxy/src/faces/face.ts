import type { IncomingMessage } from 'node:http'
import type { RequestId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { bindingsOf, responderOf } from '../answer/responder.ts'
import { peerOf } from '../identity/peer.ts'
import { negotiateLocale } from '../problems/negotiate-locale.ts'
import { problemResponse } from '../problems/problem-response.ts'
import type { ProxyDependencies } from '../dependencies.ts'
import type { Place } from '../in-flight.ts'
import type { Metrics } from '../metrics.ts'
import type { Refusal } from '../refusal.ts'
import { emptyTrail, type Gate, type Visit } from '../visit.ts'

export interface Env {
  /** What the server hands over; nothing where `app.request` is called. */
  Bindings: Partial<HttpBindings>
  Variables: {
    requestId: RequestId
    place: Place
    /** Absent where the address is not about anybody's data. */
    visit?: Visit
  }
}

/** What every face is built on. */
export interface FaceContext {
  readonly gate: Gate
  /** The bundle in force. @throws UnavailableError when that cannot be said */
  readonly bundle: () => Bundle
  readonly dependencies: ProxyDependencies
  readonly metrics: Metrics
}

/** Adds the routes of one face; each lives in a file of its own, named after what it serves. */
export type Face = (app: Hono<Env>, context: FaceContext) => void

/** @param resource as in the address; '' for a face that is not about one resource's records */
export function visitOf(c: Context<Env>, context: FaceContext, resource = ''): Visit {
  const { url } = c.req
  const start = url.indexOf('?')
  const visit = beginVisit(context, {
    requestId: c.get('requestId'),
    method: c.req.method,
    path: url.slice(url.indexOf('/', url.indexOf('//') + 2), start < 0 ? undefined : start),
    peer: () => peerOf(c),
    resource,
    query: start < 0 ? '' : url.slice(start + 1),
    header: headersOf(c),
    respond: responderOf(c),
    keepPlace: c.get('place').keepFor,
  })
  c.set('visit', visit)
  return visit
}

/** What a request brings with it. */
export type SentRequest = Omit<Visit, 'gate' | 'bundle' | 'now' | 'locale' | 'trail'>

/** @throws UnavailableError when it cannot be said which bundle is in force */
export function beginVisit({ gate, bundle }: Pick<FaceContext, 'gate' | 'bundle'>, sent: SentRequest): Visit {
  const inForce = bundle()
  return {
    gate,
    bundle: inForce,
    now: gate.clock.now(),
    locale: negotiateLocale(sent.header('accept-language'), inForce.document.varco.locale),
    trail: emptyTrail(inForce.version),
    requestId: sent.requestId,
    method: sent.method,
    path: sent.path,
    peer: sent.peer,
    resource: sent.resource,
    query: sent.query,
    header: sent.header,
    respond: sent.respond,
    keepPlace: sent.keepPlace,
  }
}

/** As Node has read them, where it has: another object around them, made for each request, costs as much as a decision. */
function headersOf(c: Context<Env>): Visit['header'] {
  const { incoming } = bindingsOf(c)
  return incoming === undefined ? (name) => c.req.header(name) : headersIn(incoming)
}

export function headersIn({ headers }: IncomingMessage): Visit['header'] {
  return (name) => {
    const value = headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }
}

/** A refusal that is no event of the log: nobody's data was asked for. */
export function problem(c: Context<Env>, reason: Refusal): Response {
  return problemOf(reason, (name) => c.req.header(name), c.get('requestId'))
}

export function problemOf(reason: Refusal, header: Visit['header'], requestId: RequestId): Response {
  const locale = negotiateLocale(header('accept-language'), 'it')
  return problemResponse(reason, { locale, requestId, event: null, bundle: null })
}
