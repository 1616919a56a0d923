import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrayText, textsIn } from '../src/array-text.ts'

test('what is to be quoted is quoted, and nothing else is escaped', () => {
  expect(arrayText([])).toBe('{}')
  expect(arrayText(['1', 'A 2', '', 'NULL'])).toBe('{"1","A 2","","NULL"}')
  expect(arrayText(['a"b', 'c\\d', '","', '}'])).toBe('{"a\\"b","c\\\\d","\\",\\"","}"}')
})

test('what the server does not quote it writes as it is', () => {
  expect(textsIn('{}')).toEqual([])
  expect(textsIn('{1,è,x-y_z}')).toEqual(['1', 'è', 'x-y_z'])
  expect(textsIn('{1,"A 2","","NULL","a\\"b","c\\\\d","{,}"}')).toEqual([
    ...['1', 'A 2', '', 'NULL', 'a"b', 'c\\d', '{,}'],
  ])
})

test('whatever is written is read again', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\\', '{', '}', 'x', ' ') }),
  )
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), (values) => {
      expect(textsIn(arrayText(values))).toEqual(values)
    }),
  )
})
