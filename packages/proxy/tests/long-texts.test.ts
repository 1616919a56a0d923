import { describe, expect, test } from 'vitest'
import { readLikePattern } from '../src/dialect/like-pattern.ts'
import { nameOf, readPlace } from '../src/dialect/read-place.ts'
import { negotiateLocale } from '../src/problems/negotiate-locale.ts'

/*
 * Headers and addresses hold thousands of characters, and one process answers everybody: what is read of them is looked at once. Of
 * texts as long as these, what goes back at each character would take hours.
 */
const LONG = 300_000

describe('long texts hold nobody up', () => {
  test.each(['it', 'it-', 'it;', 'it;q=', 'it;q=1', ''])('in a header of languages, after %j', (start) => {
    for (const unit of [' ', '\t', '-', 'a', ', ', ' ;', '0'])
      expect(['it', 'en']).toContain(negotiateLocale(`${start}${unit.repeat(LONG)}x`, 'en'))
  })

  test('in a pattern', () => {
    const slashes = '\\'.repeat(LONG)
    expect(readLikePattern(`${slashes}a`)).toBe(`${slashes}a`)
    expect(readLikePattern(slashes)).toBe(slashes)
    expect(readLikePattern(`${slashes}\\`)).toBeNull()
  })

  test('in a way into a value', () => {
    for (const end of ['', '"', 'a']) expect(readPlace(`a${'->'.repeat(LONG)}${end}`)).toBeNull()
  })
})

test('languages are taken by weight, however they are set out', () => {
  for (const [header, locale] of [
    ['it', 'it'],
    [' de , it-IT ;q=0.5', 'it'],
    ['en;q=0.4,\tit\t; q=0.5\t', 'it'],
    ['it;q=0, de', 'en'],
    ['it;q=2', 'en'],
  ] as const)
    expect([header, negotiateLocale(header, 'en')]).toEqual([header, locale])
})

test('arrows within quotes lead nowhere, as many as a name may have', () => {
  const arrows = '->'.repeat(60)
  const place = readPlace(`doc->"${arrows}"->>x`)
  expect(place).toEqual({ field: 'doc', at: { path: [arrows, 'x'], as: 'text' } })
  expect(place === null ? null : nameOf(place)).toBe('x')
})
