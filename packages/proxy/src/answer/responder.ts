import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { Env } from '../faces/face.ts'

/** Node's own request and response; nothing where `app.request` is called. */
export function bindingsOf(c: Context<Env>): Env['Bindings'] {
  const env: Env['Bindings'] | undefined = c.env
  return env ?? {}
}

/**
 * A copy is a `Response` of the platform's. Where a server was started before, the constant is one of the server's own,
 * which it would send a second time.
 */
const ALREADY_SENT = RESPONSE_ALREADY_SENT.clone()

/** Gives an answer to the caller, at once and whole. */
export type Respond = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | null,
) => Response

/**
 * Straight to Node's own response where there is one: a `Response` and its stream, made only to be taken apart by the
 * server, cost more than reading the record. But for HEAD, of which the framework makes a `Response` of its own.
 */
export function responderOf(c: Context<Env>): Respond {
  const { outgoing } = bindingsOf(c)
  if (outgoing === undefined) return (status, headers, body) => new Response(body, { status, headers })
  if (c.req.method !== 'HEAD') return respondTo(outgoing)
  return (status, headers, body) => {
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    return new Response(null, { status, headers: { ...headers, ...length } })
  }
}

export function respondTo(outgoing: ServerResponse): Respond {
  return (status, headers, body) => {
    send(outgoing, status, headers, body)
    return ALREADY_SENT
  }
}

/** An answer of the platform's, sent unless it is already. */
export async function sendResponse(outgoing: ServerResponse, answer: Response): Promise<void> {
  if (answer === ALREADY_SENT) return
  send(outgoing, answer.status, Object.fromEntries(answer.headers), await answer.text())
}

function send(
  outgoing: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | null,
): void {
  // A list of names and values: what Node takes without going through an object's members.
  const list: (string | number)[] = []
  for (const name in headers) list.push(name, headers[name] ?? '')
  if (body !== null) list.push('content-length', Buffer.byteLength(body))
  outgoing.writeHead(status, list)
  outgoing.end(body ?? undefined)
}
