import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BundleDocument } from '@varco/policy'
import type { Database } from '@varco/postgres'
import { UpstreamPools, upstreamDisposal } from '@varco/proxy'
import { RULE, worldOn, type World } from '../../../postgres/tests/retention/retention-world.ts'

type Catalogue = BundleDocument['catalogue'][number]
type Upstream = NonNullable<BundleDocument['upstreams']>[number]

const words = (text: string) => ({ it: text, en: text })
const field = (type: 'text' | 'integer') => ({
  ...{ type, category: 'economic', title: words('Campo'), nullable: false },
})

/** What a document store has of invoices. */
export const ATTACHMENT: Catalogue = {
  ...{ resource: 'attachment', title: words('Allegato'), key: 'id' },
  source: { upstream: 'documents', delete: { method: 'DELETE', path: '/attachments/{key}' } },
  data_subject: { kind: 'producer', field: 'producer_id' },
  fields: { id: field('text'), invoice_id: field('integer'), producer_id: field('text') },
  relations: { invoice: { resource: 'invoice', field: 'invoice_id', to: 'id', many: false } },
}

export function documents(base: string): Upstream {
  const keys = { id: 'id', invoiceId: 'invoice_id', producer: 'producer_id' }
  return {
    ...{ upstream: 'documents', title: words('Documenti'), base, max_bytes: 100_000, timeout_seconds: 1 },
    routes: [
      {
        ...{ method: 'GET', path: '/attachments', query: { invoiceId: 'invoice_id' }, paging: [] },
        answer: [{ at: '', resource: 'attachment', keys }],
      },
    ],
  }
}

export interface Attachment {
  readonly id: string
  readonly invoiceId: number
  readonly producer: string
}

export function attachment(id: string, invoiceId: number): Attachment {
  return { id, invoiceId, producer: `P${(invoiceId % 5) + 1}` }
}

/** @returns whether it answered; else the store does as it should */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean

/** A document store over real HTTP, which does as it should until a test has it do otherwise. */
export class DocumentStore implements AsyncDisposable {
  readonly kept = new Map<string, Attachment>()
  readonly calls: string[] = []
  /** Not more than so many in a list. */
  page = 50
  misbehave: Misbehaviour = () => false
  #server: Server | null = null
  #port = 0

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.calls.push(`${request.method} ${request.url}`)
      if (!this.misbehave(request, response)) this.answer(request, response)
    })
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  get base(): string {
    return `http://127.0.0.1:${this.#port}/api`
  }

  add(...attachments: readonly Attachment[]): void {
    for (const each of attachments) this.kept.set(each.id, each)
  }

  deletions(): readonly string[] {
    return this.calls.filter((call) => call.startsWith('DELETE '))
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.base)
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const [, key] = /^\/api\/attachments\/([^/]+)$/.exec(url.pathname) ?? []
    if (request.method === 'DELETE' && key !== undefined)
      return json(this.kept.delete(decodeURIComponent(key)) ? 200 : 404, {})
    const invoice = url.searchParams.get('invoiceId')
    if (request.method !== 'GET' || url.pathname !== '/api/attachments' || invoice === null)
      return json(400, {})
    const theirs = [...this.kept.values()].filter(({ invoiceId }) => String(invoiceId) === invoice)
    return json(200, theirs.slice(0, this.page))
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

export interface UpstreamWorld extends World, AsyncDisposable {}

/** Retention with a document store behind it; time passes as it waits. */
export function upstreamWorld(
  database: Database,
  base: string,
  { rules = [RULE], file = ATTACHMENT, upstream = documents(base) }: UpstreamWorldOptions = {},
): UpstreamWorld {
  const world = worldOn(database, rules, [file], [upstream])
  const pools = new UpstreamPools()
  return {
    ...world,
    desk: {
      ...world.desk,
      upstreams: upstreamDisposal(async () => pools),
      pause: async (ms) => {
        world.clock.advance(BigInt(Math.ceil(ms)) * 1_000n)
        await sleep(5)
      },
    },
    [Symbol.asyncDispose]: () => pools[Symbol.asyncDispose](),
  }
}

export interface UpstreamWorldOptions {
  readonly rules?: BundleDocument['retention']
  readonly file?: Catalogue
  readonly upstream?: Upstream
}
