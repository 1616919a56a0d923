import { describe, expect, test } from 'vitest'
import { mismatch } from '../../src/day/mismatch.ts'
import type { Expectation, Observed } from '../../src/day/planned-request.ts'
import { plannedRequest } from './planned-request.ts'

const PERMIT: Expectation = { outcome: 'permit', masked: ['iban'], absent: ['findings'], records: 'some' }
const DENY: Expectation = { outcome: 'deny', status: 403, codes: ['outside-annex'] }
const OK: Observed = {
  status: 200,
  code: null,
  event: 'p.1.1',
  masked: ['iban'],
  fields: ['number', 'iban'],
  records: 2,
  putOff: 0,
  milliseconds: 3,
}
const REFUSED: Observed = { ...OK, status: 403, code: 'outside-annex', masked: [], fields: [], records: 0 }

function difference(expect: Expectation, seen: Observed): string | null {
  return mismatch(plannedRequest({ expect }), seen)
}

describe('a permit', () => {
  test('is right when the records come with their entry in the log, masked as intended', () => {
    expect(difference(PERMIT, OK)).toBeNull()
  })

  test.each([
    ['denied', { ...REFUSED }, 'expected a permit, got 403 outside-annex'],
    [
      'not answered',
      { ...OK, status: 0, code: 'TimeoutError' },
      'expected a permit, got no answer (TimeoutError)',
    ],
    ['without an entry in the log', { ...OK, event: null }, 'records without the access log’s entry'],
    ['empty', { ...OK, records: 0 }, 'expected records, got none'],
    ['showing what must be hidden', { ...OK, fields: ['findings'] }, 'must be hidden: findings'],
    ['in plain where masked is meant', { ...OK, masked: [] }, 'expected masked: iban, got nothing'],
    [
      'masking more than meant',
      { ...OK, masked: ['iban', 'payee'] },
      'expected masked: iban, got iban, payee',
    ],
  ])('is wrong when %s', (_case, seen, words) => {
    expect(difference(PERMIT, seen)).toBe(words)
  })

  test('is wrong when it shows another person’s records', () => {
    expect(difference({ ...PERMIT, records: 'none' }, OK)).toBe('expected no records, got some')
  })
})

describe('a deny', () => {
  test('is right with its status and code', () => {
    expect(difference(DENY, REFUSED)).toBeNull()
  })

  test.each([
    ['permitted', OK, 'expected 403 outside-annex, got 200'],
    [
      'of another status',
      { ...REFUSED, status: 503, code: 'unavailable' },
      'expected 403 outside-annex, got 503 unavailable',
    ],
    ['for another reason', { ...REFUSED, code: 'no-rule' }, 'expected outside-annex, got no-rule'],
    ['without a code', { ...REFUSED, code: null }, 'expected outside-annex, got no code'],
    ['showing records all the same', { ...REFUSED, records: 1 }, 'denied, and yet records were shown'],
  ])('is wrong when %s', (_case, seen, words) => {
    expect(difference(DENY, seen)).toBe(words)
  })
})
