import { isoToMicros, microsToIso } from '@varco/core'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { logCeiling } from '@varco/retention'
import { expect, test } from 'vitest'

test.each([
  ['P36M', '2026-11-25T09:00:00Z', '2023-11-24T23:00'],
  ['P1M', '2026-03-31T09:00:00Z', '2026-02-28T23:00'],
  ['P12M', '2028-02-29T23:30:00Z', '2027-02-28T23:00'],
])('a ceiling of %s on %s is over for what is before %s', (ceiling, now, expected) => {
  const document = fixtureDocument()
  const log = { ...document.varco.log, floor: 'P1M', ceiling }
  const bundle = compileBundle({ ...document, varco: { ...document.varco, time_zone: 'Europe/Rome', log } })
  expect(microsToIso(logCeiling(bundle, isoToMicros(now) ?? 0n))).toContain(expected)
})
