import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestId } from '@varco/core'
import { respondTo, sendResponse } from '../answer/responder.ts'
import { answerFault, BUSY, faultOf } from '../fault.ts'
import type { InFlight } from '../in-flight.ts'
import { readRecords } from '../pipeline.ts'
import type { Visit } from '../visit.ts'
import { beginVisit, headersIn, problemOf, type FaceContext } from './face.ts'

/** Takes a request over, just as Node has read it; `false`: it is not for it, and nothing was done. */
export type TakeStraight = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean

export interface StraightContext extends FaceContext {
  readonly inFlight: InFlight
  readonly newRequestId: () => RequestId
}

/** What the server and the framework would hand on letter by letter; what they would first spell anew is left to them. */
const ADDRESS = /^\/records\/([a-z][a-z0-9_-]*)(?:\?([!$%&-;=?-[\]_a-z~]*))?$/
const HOST = /^[a-z0-9._-]+(?::(?:[1-5]\d{3,4}|[6-9]\d{3}))?$/

/**
 * Readings of `/records/{resource}`, past the framework: a request and a response of its own, and its chain of handlers, cost as
 * much as all that is decided of one record.
 */
export function straightReadings(context: StraightContext): TakeStraight {
  return (incoming, outgoing) => {
    const { method, url = '', headers } = incoming
    if (method !== 'GET' || !HOST.test(headers.host ?? '')) return false
    const [, resource, query = ''] = ADDRESS.exec(url) ?? []
    if (resource === undefined) return false
    void pass(context, incoming, outgoing, resource, query)
    return true
  }
}

/** Never rejects. */
async function pass(
  context: StraightContext,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  resource: string,
  query: string,
): Promise<void> {
  const { metrics } = context
  const requestId = context.newRequestId()
  const header = headersIn(incoming)
  const arrived = performance.now()
  const place = context.inFlight.enter()
  let visit: Visit | null = null
  try {
    if (place === null) {
      metrics.answered(BUSY.status, 0)
      await sendResponse(outgoing, problemOf(BUSY, header, requestId))
      return
    }
    visit = beginVisit(context, {
      ...{ requestId, method: 'GET', path: `/records/${resource}`, resource, query, header },
      peer: () => incoming.socket.remoteAddress ?? null,
      respond: respondTo(outgoing),
      keepPlace: place.keepFor,
    })
    await sendResponse(outgoing, await readRecords(visit))
    metrics.answered(outgoing.statusCode, performance.now() - arrived)
  } catch (error) {
    const fault = faultOf(error, requestId, context.gate.diagnostics)
    const answer = visit === null ? problemOf(fault, header, requestId) : await answerFault(visit, fault)
    // Where an answer had begun, all there is left to do is to break it off.
    await sendResponse(outgoing, answer).catch(() => outgoing.destroy())
    metrics.answered(fault.status, performance.now() - arrived)
  } finally {
    place?.leave()
  }
}
