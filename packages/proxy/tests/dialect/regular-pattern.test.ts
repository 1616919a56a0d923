import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRegularPattern } from '../../src/dialect/regular-pattern.ts'

describe('a regular expression', () => {
  test.each([
    ...[
      'a',
      '^2026/[0-9]+$',
      'a|b',
      '(a|b)+c',
      '(?:ab){2,5}',
      '[^A-Z_ .]',
      '\\.',
      '\\\\',
      'è?',
      '.*',
      '[a,b]{3}',
    ],
  ])('%s passes', (pattern) => {
    expect(isRegularPattern(pattern)).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['an alternative that is nothing', 'a|'],
    ['a group that is nothing', '()'],
    ['a group left open', '(a'],
    ['one never opened', 'a)'],
    ['brackets left open', '[a'],
    ['brackets with nothing in them', '[]'],
    ['a range the wrong way', '[z-a]'],
    ['a range across kinds', '[A-z]'],
    ['a class by its name', '[[:alpha:]]'],
    ['an escape in brackets', '[\\]]'],
    ['a class by its letter', '\\d'],
    ['a boundary of words', '\\y'],
    ['a reference back', '(a)\\1'],
    ['a look ahead', '(?=a)'],
    ['a look behind', '(?<=a)'],
    ['an option', '(?i)a'],
    ['another kind of pattern', '***=a'],
    ['a repetition of nothing', '*'],
    ['of an anchor', '^*'],
    ['of a repetition', 'a**'],
    ['a lazy one', 'a+?'],
    ['one without end', 'a{2,}'],
    ['one beyond the bound', 'a{21}'],
    ['one the wrong way', 'a{3,2}'],
    ['none at all', 'a{0}'],
    ['braces that are none', 'a{b'],
    ['a backslash at the end', 'a\\'],
    ['NUL', 'a\0'],
    ['half a character', 'a\ud800'],
    ['more than so many characters', 'a'.repeat(201)],
    ['more than so deep', `${'('.repeat(10)}a${')'.repeat(10)}`],
    ['of more than a hundred parts', 'a'.repeat(101)],
    ['that come to as many', '((?:[a-z]?[0-9]?){20}){3}'],
    ['more than so heavy', '((a{20}){20}){20}'],
  ])('of %s does not', (_, pattern) => {
    expect(isRegularPattern(pattern)).toBe(false)
  })

  test('that passes is one to JavaScript too, whatever was sent', () => {
    const part = fc.constantFrom(...'ab0-^$.|()[]{}*+?\\,:é'.split(''), '{2}', '(?:', '[a-z]', '\\.')
    let passed = 0
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const pattern = parts.join('')
        if (!isRegularPattern(pattern)) return
        passed++
        expect(() => new RegExp(pattern, 'su')).not.toThrow()
      }),
      { numRuns: 3_000 },
    )
    expect(passed).toBeGreaterThan(100)
  })
})
