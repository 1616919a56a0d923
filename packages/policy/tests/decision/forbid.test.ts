import { compileBundle, decide, type AccessRequest, type RuleDocument } from '@varco/policy'
import { arbitraryRecord, arbitraryWorld, fixtureDocument, worldBundle } from '@varco/policy/testing'
import { caseRequest, decideRecord, type CaseDocument } from '@varco/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const base: RuleDocument = {
  id: 'own-regions',
  effect: 'forbid',
  actions: ['read'],
  resource: 'invoice',
  where: { period: { nin: '$principal.periods' } },
  require: { ticket: 'none', grant: false },
  because: 'una norma qualsiasi',
}

function withForbid(change: Partial<RuleDocument> = {}) {
  const document = fixtureDocument()
  return compileBundle({ ...document, access: [...document.access, { ...base, ...change }] })
}

const document = fixtureDocument()
const enquiry = caseRequest(compileBundle(document), document.cases[0] as CaseDocument)
const knowing = (attributes: AccessRequest['principal']['attributes']): AccessRequest => ({
  ...enquiry,
  principal: { ...enquiry.principal, attributes },
})

describe('a forbid that cannot be evaluated denies', () => {
  test('for want of an attribute', () => {
    const decision = decide(withForbid(), enquiry)
    expect(decision).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'forbid-not-evaluable', rule: 'own-regions' }],
    })
    expect(decide(withForbid(), knowing({ periods: ['2026-05'] })).effect).toBe('permit')
  })

  test('for an attribute of another type, or one of a list', () => {
    expect(decide(withForbid(), knowing({ periods: 7 })).effect).toBe('deny')
    expect(decide(withForbid(), knowing({ periods: ['2026-05', 7] })).effect).toBe('deny')
  })

  test('over a number that JavaScript has rounded on its way: nobody knows which it was', () => {
    const bundle = withForbid({ where: { amount: { eq: '9007199254740993' } } })
    const decision = decide(bundle, enquiry)
    const shows = (amount: unknown): boolean =>
      decision.effect === 'permit' &&
      decision.outcomesOf({ producer_id: 'P1', status: 'paid', amount }) !== null
    expect([shows(120.5), shows('9007199254740994'), shows('9007199254740993')]).toEqual([true, true, false])
    expect([shows(JSON.parse('9007199254740993')), shows(JSON.parse('1e300'))]).toEqual([false, false])
    // Digits as the database gives them are all there, however many.
    expect(shows('9'.repeat(2_500))).toBe(true)
  })

  test('on the rows where the field it looks at is NULL, and on no other', () => {
    const request = knowing({ periods: ['2026-05'] })
    const record = {
      id: 7,
      producer_id: 'P1',
      number: null,
      period: '2026-05',
      amount: null,
      status: 'paid',
      issued_on: null,
      iban: null,
      tax_code: null,
    }
    const decision = decide(withForbid(), request)
    const shows = (period: string | null): boolean =>
      decision.effect === 'permit' && decision.outcomesOf({ ...record, period }) !== null
    expect([shows('2026-05'), shows('2026-06'), shows(null)]).toEqual([true, false, false])
  })

  test('of some fields: hides them and says so, and leaves the rest', () => {
    const decision = decide(withForbid({ fields: { plain: [], masked: {}, hidden: ['amount'] } }), enquiry)
    expect(decision).toMatchObject({
      effect: 'permit',
      reasons: [{ code: 'permitted' }, { code: 'forbid-not-evaluable', rule: 'own-regions' }],
    })
    expect(decision.effect === 'permit' && decision.fields.get('amount' as never)).toMatchObject({
      best: 'hidden',
    })
    expect(decision.effect === 'permit' && decision.fields.get('number' as never)).toMatchObject({
      best: 'plain',
    })
  })
})

test('the order of the rules never matters', () => {
  fc.assert(
    fc.property(arbitraryWorld(), arbitraryRecord(), fc.nat(), ({ bundle, request }, record, turn) => {
      const rules = bundle.document.access
      const at = turn % rules.length
      const turned = worldBundle([...rules.slice(at), ...rules.slice(0, at)].toReversed())
      expect(decideRecord(turned, request, record)).toEqual(decideRecord(bundle, request, record))
    }),
    { numRuns: 1_000 },
  )
})

test('one more forbid never shows more', () => {
  const rank = { hidden: 0, masked: 1, plain: 2 } as const
  fc.assert(
    fc.property(
      arbitraryWorld(),
      arbitraryWorld(),
      arbitraryRecord(),
      ({ bundle, request }, other, record) => {
        const forbids = other.bundle.document.access
          .filter(({ effect }) => effect === 'forbid')
          .map((rule, index) => ({ ...rule, id: `more-${index}` }))
        const stricter = decideRecord(worldBundle([...bundle.document.access, ...forbids]), request, record)
        const before = decideRecord(bundle, request, record)
        for (const [field, { outcome }] of stricter ?? [])
          expect(rank[outcome]).toBeLessThanOrEqual(rank[before?.get(field)?.outcome ?? 'hidden'])
      },
    ),
    { numRuns: 1_000 },
  )
})
