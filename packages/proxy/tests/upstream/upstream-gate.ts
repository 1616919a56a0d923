import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compileBundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { UpstreamPools, type ProxyDependencies } from '@varco/proxy'
import { gatehouse, type Gatehouse } from '../gatehouse.ts'

type UpstreamInput = NonNullable<BundleDocument['upstreams']>[number]

export const UPDATE_RULE = {
  id: 'cc-invoice-correction',
  effect: 'permit',
  role: ['contact-centre.operator'],
  actions: ['update'],
  resource: 'invoice',
  purposes: ['invoice-enquiry'],
  where: { producer_id: { eq: '$ticket.data_subject' }, status: { in: ['issued', 'disputed'] } },
  fields: { plain: ['status', 'amount'], masked: {}, hidden: [] },
  require: { ticket: 'open', grant: false },
  because: 'Allegato A.3: correzione della fattura',
} as unknown as BundleDocument['access'][number]

/** The JSON keys of the upstream, as its authors chose them. */
export const KEYS = {
  id: 'id',
  producerId: 'producer_id',
  number: 'number',
  amount: 'amount',
  status: 'status',
  issuedOn: 'issued_on',
  iban: 'iban',
} as const

export function crm(base: string): UpstreamInput {
  const answer = { at: '', resource: 'invoice', keys: KEYS }
  return {
    ...{ upstream: 'crm', title: { it: 'CRM', en: 'CRM' }, base, max_bytes: 33_554_432, timeout_seconds: 30 },
    routes: [
      {
        ...{ method: 'GET', path: '/invoices', paging: ['_page', '_limit'] },
        query: { producerId: 'producer_id', iban: 'iban', status: 'status' },
        answer: [answer],
      },
      { method: 'GET', path: '/invoices/{id}', query: {}, paging: [], answer: [answer] },
      { method: 'GET', path: '/wrapped', query: {}, paging: [], answer: [{ ...answer, at: '/data/items' }] },
      { method: 'PATCH', path: '/invoices/{id}', change: { resource: 'invoice', keys: KEYS } },
      { method: 'PUT', path: '/invoices/{id}', change: { resource: 'invoice', keys: KEYS } },
      {
        ...{ method: 'POST', path: '/invoices/{id}/dispute' },
        change: { resource: 'invoice', keys: KEYS, record: '/invoices/{id}' },
      },
      { method: 'GET', path: '/status', public: ['application/json'], because: 'Nessun dato personale' },
    ],
  }
}

export interface UpstreamGate extends Gatehouse, AsyncDisposable {
  /** What the upstream was asked, in order. */
  readonly calls: IncomingMessage[]
}

export interface UpstreamGateOptions extends Partial<ProxyDependencies> {
  readonly change?: (upstream: UpstreamInput) => UpstreamInput
  readonly document?: BundleDocument
  /** What may be changed. */
  readonly rule?: BundleDocument['access'][number]
}

/** A proxy in front of a real HTTP server that answers as a test says. */
export async function upstreamGate(
  listener: RequestListener,
  options: UpstreamGateOptions = {},
): Promise<UpstreamGate> {
  const {
    change = (same: UpstreamInput) => same,
    document = fixtureDocument(),
    rule = UPDATE_RULE,
    ...dependencies
  } = options
  const calls: IncomingMessage[] = []
  const server = createServer((request, response) => {
    calls.push(request)
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const pools = new UpstreamPools()
  const gate = await gatehouse({
    bundleInForce: compileBundle({
      ...document,
      access: [...document.access, rule],
      upstreams: [change(crm(`http://127.0.0.1:${port}/api`))],
    }),
    upstreams: pools,
    ...dependencies,
  })
  return {
    ...gate,
    calls,
    [Symbol.asyncDispose]: async () => {
      await pools[Symbol.asyncDispose]()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function invoice(
  id: number,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    ...{ id, producerId: 'P1', number: `2026/${id}`, amount: 120.5, status: 'issued' },
    ...{ issuedOn: '2026-02-01', iban: 'IT60X0542811101000000123456', internalNote: 'never shown', ...more },
  }
}
