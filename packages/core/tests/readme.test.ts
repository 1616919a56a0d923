import { readmeExample } from '@varco/core/testing'
import { expect, test } from 'vitest'
// #region example
import { canonicalJson, envToConfig, isoToMicros, microsToIso } from '@varco/core'

// #endregion

test('the example of the README runs as printed', async () => {
  // #region example
  const at = isoToMicros('2026-03-29T03:30:00.000001+02:00') ?? 0n
  const text = canonicalJson({ purpose: 'invoice-enquiry', at: microsToIso(at) })
  const config = envToConfig({ VARCO_PROXY_PORT: '8080' })
  // #endregion
  expect(text).toBe('{"at":"2026-03-29T01:30:00.000001Z","purpose":"invoice-enquiry"}')
  expect(config.VARCO_PROXY_PORT).toBe(8080)
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
