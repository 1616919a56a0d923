import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { DemoOnlyError } from '../identity-provider/demo-only-error.ts'
import { listen } from '../listen.ts'
import type { Subscriber } from './sample-subscribers.ts'

export interface NewsletterServiceOptions {
  /** Whether this is the demo; it starts for nothing else. */
  readonly demo: boolean
  readonly subscribers: readonly Subscriber[]
}

/** Somebody else's JSON API, which keeps what the body's database has not. */
export interface NewsletterService extends AsyncDisposable {
  /** What the bundle calls its base. */
  readonly base: string
  /** Whether it writes to who left their details at a fair under this number. */
  readonly isSubscribed: (lead: string) => boolean
}

/** Whoever reaches it may read and take away: it is for the gate beside it alone. */
const HOST = '127.0.0.1'

const ONE = /^\/api\/subscribers\/([^/?]+)$/

/**
 * Starts the service that sends the sample body's newsletter, for this machine alone, on a free port: `GET` and `DELETE` of one subscriber.
 * @throws DemoOnlyError outside the demo: it asks nobody who they are
 */
export async function startNewsletterService(options: NewsletterServiceOptions): Promise<NewsletterService> {
  const { demo } = options
  if (!demo) throw new DemoOnlyError('the newsletter service of the sample body starts only in the demo')
  const kept = new Map(options.subscribers.map((each) => [each.lead, each]))
  const server = createServer((request, response) => {
    answer(kept, request, response)
  })
  const port = await listen(server, 0, HOST)
  return {
    base: `http://${HOST}:${port}/api`,
    isSubscribed: (lead) => kept.has(lead),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function answer(
  kept: Map<string, Subscriber>,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): void {
  const [, key = ''] = ONE.exec(url) ?? []
  const subscriber = kept.get(decoded(key))
  if (subscriber === undefined) json(response, 404, { error: 'no such subscriber' })
  else if (method === 'GET') json(response, 200, subscriber)
  else if (method === 'DELETE') {
    kept.delete(subscriber.lead)
    response.writeHead(204).end()
  } else json(response, 405, { error: 'it can be read, and taken away' })
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** What is badly encoded is nobody's key. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return ''
  }
}
