import {
  isoToMicros,
  type ContractId,
  type ProcessorId,
  type Pseudonym,
  type PurposeId,
  type TicketId,
} from '@varco/core'
import { readmeExample } from '@varco/core/testing'
import { expect, test } from 'vitest'
// #region example
import { decide, maskValue } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'

// #endregion

test('the example of the README runs as printed', async () => {
  const now = isoToMicros('2026-06-15T10:00:00+02:00') ?? 0n
  const [pseudonym, contract, processor] = [
    'op-1' as Pseudonym,
    'aurora-2026' as ContractId,
    'aurora' as ProcessorId,
  ]
  const [ticket, purpose, keys] = [
    'T-1' as TicketId,
    'invoice-enquiry' as PurposeId,
    { hmac: new Uint8Array(32) },
  ]
  // #region example
  const bundle = fixtureBundle() // in earnest: loadBundle('policies'), or followPolicy({ store, clock, diagnostics })
  const decision = decide(bundle, {
    now,
    principal: {
      kind: 'person',
      pseudonym,
      role: 'contact-centre.operator',
      unit: 'contact-centre',
      attributes: {},
    },
    contract: { id: contract, processor, state: 'active' },
    purpose: 'invoice-enquiry',
    ticket: { id: ticket, status: 'open', dataSubject: 'P1', purpose, openedAt: now },
    grant: null,
    action: 'read',
    resource: 'invoice',
  })

  const record = { producer_id: 'P1', status: 'paid', amount: '120.50', iban: 'IT60X0542811101000000123456' }
  const outcomes = decision.effect === 'permit' ? decision.outcomesOf(record) : null
  const shown = [...(outcomes ?? [])].flatMap(([field, { outcome, mask }]) => {
    if (outcome === 'hidden' || !(field in record)) return []
    const value = record[field as keyof typeof record]
    return [[field, mask === null ? value : maskValue(mask, value, keys)]]
  })
  // #endregion
  expect(Object.fromEntries(shown) as unknown).toEqual({
    producer_id: 'P1',
    status: 'paid',
    amount: '120.50',
    iban: '***3456',
  })
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
