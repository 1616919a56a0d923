import { isoToMicros } from '@varco/core'
import { planDay, sampleCast, type PlannedRequest } from '@varco/demo'
import { describe, expect, test } from 'vitest'

const NOW = isoToMicros('2026-11-24T10:00:00Z') ?? 0n
const cast = sampleCast({ now: NOW })
const { requests, protagonist } = planDay(cast, { seed: 'test' })

const nameOf = ({ operator }: PlannedRequest): string => `${operator.issuer} ${operator.username}`

describe('the day of the sample body', () => {
  test('is at least 2,000 requests by at least 30 operators, numbered in order', () => {
    expect(requests.length).toBeGreaterThanOrEqual(2_000)
    expect(new Set(requests.map(nameOf)).size).toBeGreaterThanOrEqual(30)
    expect(requests.map(({ number }) => number)).toEqual(requests.map((_, index) => index + 1))
  })

  test('is the same for the same seed, and another for another', () => {
    expect(planDay(cast, { seed: 'test' })).toEqual({ requests, protagonist })
    expect(planDay(cast, { seed: 'other' }).requests).not.toEqual(requests)
  })

  test('is mostly honest work, and a good part is refused', () => {
    const permits = requests.filter(({ expect }) => expect.outcome === 'permit').length / requests.length
    expect(permits).toBeGreaterThan(0.5)
    expect(permits).toBeLessThan(0.9)
    expect(requests.some(({ expect }) => expect.outcome === 'permit' && expect.masked.length > 0)).toBe(true)
  })

  test.each([
    'no-purpose',
    'unknown-purpose',
    'outside-annex',
    'no-ticket',
    'unknown-ticket',
    'ticket-closed',
    'ticket-other-purpose',
    'no-assignment',
    'contract-ended',
    'no-rule',
    'no-grant',
    'field-not-available',
    'field-not-plain',
    'unknown-resource',
    'no-token',
    'invalid-token',
  ])('has people refused for %s, more than once', (code) => {
    const times = requests.filter(({ expect }) => expect.outcome === 'deny' && expect.codes.includes(code))
    expect(times.length).toBeGreaterThanOrEqual(2)
  })

  test.each([
    'drift to antimafia-evaluation',
    'drift to invoice-correction',
    'drift to practice-evaluation',
    'drift to meter-data-management',
    'drift to trade-fair-contact',
    'work after the end',
    'login of another company',
    'somebody else’s records',
    'antimafia-status',
    'complaint-handling',
    'reception',
    'antimafia-evaluation',
    'subject-access',
  ])('shows %s', (kind) => {
    expect(requests.filter((request) => request.kind === kind).length).toBeGreaterThanOrEqual(2)
  })

  test('tells by whom work outside the annex was asked', () => {
    const drifts = requests.filter(({ kind }) => kind.startsWith('drift'))
    expect(drifts.every(({ headers }) => headers['varco-instructed-by'] !== undefined)).toBe(true)
  })

  test('brings people of all three contractors and of the body', () => {
    const contracts = new Set(requests.map(({ operator }) => operator.contract))
    expect(contracts).toEqual(new Set(['zefiranza-2018', 'brumalba-2022', 'aurispola-2026', null]))
  })

  test('has one citizen looked at by many: operators, offices and those whose time is over', () => {
    const looks = requests.filter(({ query }) => query['producer_id'] === `eq.${protagonist.id}`)
    const allowed = looks.filter(({ expect }) => expect.outcome === 'permit')
    expect(new Set(allowed.map(nameOf)).size).toBeGreaterThanOrEqual(10)
    expect(allowed.some(({ operator }) => operator.contract === null)).toBe(true)
    expect(looks.some(({ kind }) => kind === 'work after the end')).toBe(true)
  })

  test('stays within every budget of the sample’s rules: nobody asks for the same thing more than twenty times', () => {
    const asked = [...Map.groupBy(requests, (request) => `${nameOf(request)} ${request.resource}`).values()]
    expect(Math.max(...asked.map((times) => times.length))).toBeLessThanOrEqual(20)
    const antimafia = requests.filter(({ resource }) => resource === 'antimafia_check')
    const each = [...Map.groupBy(antimafia, nameOf).values()].map((times) => times.length)
    expect(Math.max(...each)).toBeLessThanOrEqual(8)
  })

  test('sends every header a permit needs', () => {
    const permits = requests.filter(({ expect }) => expect.outcome === 'permit')
    expect(permits.every(({ headers }) => headers['varco-purpose'] !== undefined)).toBe(true)
    expect(requests.every(({ headers }) => headers['varco-workstation'] !== undefined)).toBe(true)
  })
})

test('a cast without operators is refused, not played as an empty day', () => {
  expect(() => planDay({ ...cast, members: [] }, { seed: 'test' })).toThrow(
    'the sample has no operator for the day',
  )
})

test('more requests than the budgets let through are refused, not planned for ever', () => {
  expect(() => planDay(cast, { seed: 'test', requests: 100_000 })).toThrow('too small')
})
