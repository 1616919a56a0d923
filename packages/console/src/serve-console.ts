import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { ConfigError } from '@varco/core'
import { createConsole, type ConsoleDeps } from './console.ts'

export interface ConsoleAddress {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

/** The console, listening. Disposing of it ends what is under way, then closes. */
export interface RunningConsole extends AsyncDisposable {
  readonly port: number
}

/** How long requests under way may take to end once the console stops. */
const GRACE_MS = 5_000

/** @throws ConfigError when the port cannot be listened on */
export async function serveConsole(
  deps: ConsoleDeps,
  { host, port }: ConsoleAddress,
): Promise<RunningConsole> {
  const app = createConsole(deps)
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: host, port }, () => {
      starting.removeListener('error', refused)
      resolve(starting as Server)
    })
    const refused = (cause: NodeJS.ErrnoException): void => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use by another program' : 'cannot be listened on'
      reject(new ConfigError('VARCO_CONSOLE_PORT', `port ${port} ${why}`, { cause }))
    }
    starting.once('error', refused)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    [Symbol.asyncDispose]: () => close(server),
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => {
      server.closeAllConnections()
    }, GRACE_MS)
    server.close(() => {
      clearTimeout(deadline)
      resolve()
    })
    server.closeIdleConnections()
  })
}
