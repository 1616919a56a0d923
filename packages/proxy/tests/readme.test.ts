import { randomUUID } from 'node:crypto'
import { asId, silentDiagnostics, systemClock, type RequestId } from '@varco/core'
import { readmeExample } from '@varco/core/testing'
import { fixtureEngagement, memoryEngagement } from '@varco/engagement/testing'
import { fixtureBundle, memoryRecordSource } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { RecordingLog } from './gatehouse.ts'
// #region example
import { createProxy, serveProxy } from '@varco/proxy'

// #endregion

const bundle = fixtureBundle()
const engagement = memoryEngagement(fixtureEngagement())
const records = memoryRecordSource({})
const accessLog = new RecordingLog()
const secret = new Uint8Array(32)

test('the example of the README runs as printed', async () => {
  // #region example
  const app = createProxy({
    bundle: () => bundle,
    engagement,
    records,
    accessLog,
    maskKeys: { hmac: secret },
    clock: systemClock,
    newRequestId: () => asId<RequestId>(randomUUID()),
    diagnostics: silentDiagnostics,
    audience: 'https://varco.example/proxy',
    issuerAddresses: {},
  })
  await using proxy = await serveProxy(app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics })
  const response = await fetch(`${proxy.url}/records/invoice?id=eq.1&select=number,iban`)
  // #endregion
  expect([response.status, response.headers.get('content-type')]).toEqual([
    401,
    'application/problem+json; charset=utf-8',
  ])
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
