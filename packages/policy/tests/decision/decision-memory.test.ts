import { asId, type ContractId, type GrantId, type Micros, type PurposeId } from '@varco/core'
import { decide, DecisionMemory, type AccessRequest, type Decision } from '@varco/policy'
import { arbitraryRecord, arbitraryWorld, fixtureBundle } from '@varco/policy/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const bundle = fixtureBundle()
const contract = bundle.contracts.get(asId<ContractId>('aurora-2026'))
const NOW: Micros = (contract?.from ?? 0n) + 1_000_000n

const request: AccessRequest = {
  now: NOW,
  principal: {
    kind: 'person',
    pseudonym: asId('op-1'),
    role: 'contact-centre.operator',
    unit: 'contact-centre',
    attributes: {},
  },
  contract: { id: asId('aurora-2026'), processor: asId('aurora'), state: 'active' },
  purpose: 'invoice-enquiry',
  ticket: {
    id: asId('T-1'),
    status: 'open',
    dataSubject: 'P1',
    purpose: asId('invoice-enquiry'),
    openedAt: NOW - 10n,
  },
  grant: null,
  action: 'read',
  resource: 'invoice',
}

/** All that a decision says, its closure asked of some records. */
function said(decision: Decision, records: readonly Readonly<Record<string, unknown>>[]): unknown {
  if (decision.effect === 'deny') return { deny: decision.reasons }
  const { outcomesOf, ...rest } = decision
  return { ...rest, outcomes: records.map((record) => outcomesOf(record)) }
}

test('says at every moment what the decision says, however often and in whatever order it is asked', () => {
  let remembered = 0
  fc.assert(
    fc.property(
      arbitraryWorld(),
      fc.array(fc.bigInt({ min: -3n, max: 3n }), { minLength: 2, maxLength: 8 }),
      fc.array(arbitraryRecord(), { minLength: 1, maxLength: 3 }),
      (world, steps, records) => {
        const memory = new DecisionMemory()
        let last: Decision | null = null
        for (const step of steps) {
          // Around the moments at which tickets begin, and grants and contracts end.
          const asked = { ...world.request, now: world.request.now + step }
          const decision = memory.decide(world.bundle, asked)
          expect(said(decision, records)).toEqual(said(decide(world.bundle, asked), records))
          if (decision === last && decision.effect === 'permit') remembered += 1
          last = decision
        }
      },
    ),
    { numRuns: 1_000 },
  )
  expect(remembered).toBeGreaterThan(300)
}, 60_000)

test('gives the same permit again to the very same facts, and to no others', () => {
  const memory = new DecisionMemory()
  const permit = memory.decide(bundle, request)
  expect(permit.effect).toBe('permit')
  expect(memory.decide(bundle, { ...request, now: NOW + 5n })).toBe(permit)
  // As a store gives them anew once something of them has changed.
  const { ticket, contract: facts } = request
  if (ticket === null || ticket === 'unknown' || facts === null) throw new Error('the request has both')
  const others: readonly Partial<AccessRequest>[] = [
    { ticket: { ...ticket, status: 'closed' } },
    { ticket: { ...ticket, dataSubject: 'P2' } },
    { ticket: null },
    { contract: { ...facts, state: 'terminated' } },
    { principal: { ...request.principal, role: 'dpo' } },
    { purpose: 'antimafia-status' },
    { action: 'update' },
    { resource: 'producer' },
  ]
  for (const change of others) {
    const changed = { ...request, ...change }
    const decision = memory.decide(bundle, changed)
    expect(decision).not.toBe(permit)
    expect(said(decision, [])).toEqual(said(decide(bundle, changed), []))
  }
  expect(memory.decide(fixtureBundle(), request)).not.toBe(permit)
  expect(memory.decide(bundle, request)).toBe(permit)
})

test('a permit ends with its contract, to the microsecond', () => {
  const memory = new DecisionMemory()
  const end = contract?.to ?? 0n
  expect(memory.decide(bundle, { ...request, now: end - 1n }).effect).toBe('permit')
  expect(memory.decide(bundle, { ...request, now: end }).effect).toBe('deny')
  expect(memory.decide(bundle, { ...request, now: end - 1n }).effect).toBe('permit')
})

test('a permit ends with its grant', () => {
  const memory = new DecisionMemory()
  const purpose = asId<PurposeId>('antimafia-assessment')
  const granted: AccessRequest = {
    ...request,
    ...{ resource: 'antimafia_check', purpose, contract: null, ticket: null },
    principal: { ...request.principal, role: 'antimafia.officer' },
    grant: {
      id: asId<GrantId>('G-1'),
      ...{ resource: asId('antimafia_check'), record: null, dataSubject: null, action: 'read', purpose },
      ...{ ticket: null, expiresAt: NOW + 100n },
    },
  }
  const permit = memory.decide(bundle, granted)
  expect(permit.effect).toBe('permit')
  expect(memory.decide(bundle, { ...granted, now: NOW + 99n })).toBe(permit)
  expect(memory.decide(bundle, { ...granted, now: NOW + 100n })).toMatchObject({
    effect: 'deny',
    reasons: [{ code: 'grant-expired' }],
  })
})
