import { silentDiagnostics } from '@varco/core'
import { serveProxy } from '@varco/proxy'
import { expect, test } from 'vitest'
import { gatehouse, tokenOf } from './gatehouse.ts'

const ONE = '/records/invoice?id=eq.1&select=number,iban'

async function metricsOf(get: (path: string) => Promise<Response>): Promise<ReadonlyMap<string, number>> {
  const response = await get('/metrics')
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

test('counts answers by status, and gives the figures of the rest of the process', async () => {
  const { get } = await gatehouse({
    readings: {
      varco_log_queued_events: { help: 'waiting', value: () => 7 },
      varco_log_anchor_lag_events: {
        ...{ help: 'not covered', label: 'anchor' },
        values: () => ({ file: 2, witness: 0 }),
      },
    },
  })
  await get(ONE)
  await get(ONE, { authorization: null })
  const metrics = await metricsOf(get)
  expect(metrics.get('varco_proxy_answers_total{status="200"}')).toBe(1)
  expect(metrics.get('varco_proxy_answers_total{status="401"}')).toBe(1)
  expect(metrics.get('varco_proxy_request_seconds_count')).toBe(2)
  expect(metrics.get('varco_log_queued_events')).toBe(7)
  expect(metrics.get('varco_log_anchor_lag_events{anchor="file"}')).toBe(2)
  expect(metrics.get('varco_log_anchor_lag_events{anchor="witness"}')).toBe(0)
  expect(metrics.get('varco_process_resident_bytes')).toBeGreaterThan(1_000_000)
})

test('says on each figure which process tells it, where several share a port', async () => {
  const { get } = await gatehouse({ labels: { worker: 'proxy-1-2' } })
  await get(ONE)
  const metrics = await metricsOf(get)
  expect(metrics.get('varco_proxy_answers_total{status="200",worker="proxy-1-2"}')).toBe(1)
  expect([...metrics.keys()].every((name) => name.includes('worker="proxy-1-2"'))).toBe(true)
})

test('knows the status of what went straight to the connection, and holds nothing of anybody', async () => {
  const { app } = await gatehouse()
  await using proxy = await serveProxy(app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics })
  const headers = {
    authorization: `Bearer ${await tokenOf('anna')}`,
    prefer: 'count=exact',
    ...{ 'varco-purpose': 'invoice-enquiry', 'varco-ticket': 'T-1' },
  }
  const { status } = await fetch(`${proxy.url}/records/invoice?producer_id=eq.P1&limit=1`, { headers })
  const metrics = await metricsOf((path) => fetch(`${proxy.url}${path}`))
  expect(metrics.get(`varco_proxy_answers_total{status="${status}"}`)).toBe(1)
  expect([...metrics.keys()].join()).not.toMatch(/P1|anna|invoice|T-1/)
})

test('beyond its bound the proxy turns callers away, yet says how it is doing', async () => {
  const release = Promise.withResolvers<void>()
  const house = await gatehouse({ limits: { inFlight: 1 } })
  house.log.beforeCommit = () => release.promise
  const first = house.get(ONE)
  const second = await house.get(ONE)
  expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await house.get('/healthz')).status).toBe(200)
  expect((await metricsOf(house.get)).get('varco_proxy_requests_under_way')).toBe(1)
  release.resolve()
  expect((await first).status).toBe(200)
  expect((await metricsOf(house.get)).get('varco_proxy_requests_under_way')).toBe(0)
})
