import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { ConfigError, type Diagnostics } from '@varco/core'

export interface ServeOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly diagnostics: Diagnostics
  /** How long requests under way may take to end once disposed of. */
  readonly graceMs?: number
}

/** A hono app. */
export interface Servable {
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>
  /** Asked first; whether it has taken the request over, as Node has read it. */
  readonly takeStraight?: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean
}

export interface RunningProxy extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

const GRACE_MS = 10_000
const SWEEP_MS = 50
/** Slow senders must not hold connections. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_MS = 65_000

/**
 * Serves until disposed of: then no new connection is taken, and requests under way are answered first.
 * @throws ConfigError when the port is taken or may not be used
 */
export async function serveProxy(app: Servable, options: ServeOptions): Promise<RunningProxy> {
  const { host, port, diagnostics, graceMs = GRACE_MS } = options
  // The adaptor's other kinds of request are HTTP/2's.
  const listener = getRequestListener((request, env) => app.fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  })
  // A header sent twice is seen as both, joined: of two tokens, say, none may be picked.
  const server = createServer({ joinDuplicateHeaders: true }, (incoming, outgoing) => {
    if (app.takeStraight?.(incoming, outgoing) !== true) void listener(incoming, outgoing)
  })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await listen(server, host, port)
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  diagnostics.info('proxy listens', { host, port: bound })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    [Symbol.asyncDispose]: () => close(server, graceMs, diagnostics),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      const why = taken ? 'is in use by another program' : 'cannot be listened on'
      reject(new ConfigError('VARCO_PROXY_PORT', `port ${port} on ${host} ${why}`, { cause }))
    })
    server.listen(port, host, resolve)
  })
}

async function close(server: Server, graceMs: number, diagnostics: Diagnostics): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  server.closeIdleConnections()
  // A connection that has had its answer is idle now, and would wait for a next request that must not come.
  const sweep = setInterval(() => {
    server.closeIdleConnections()
  }, SWEEP_MS)
  const cut = setTimeout(() => {
    diagnostics.warn('proxy cuts requests that do not end')
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(cut)
  clearInterval(sweep)
  diagnostics.info('proxy has stopped')
}
