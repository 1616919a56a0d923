import { expect, test } from 'vitest'
import { selectionOf } from '../../src/dialect/known-selections.ts'
import { readSelect } from '../../src/dialect/read-select.ts'

test('reads as readSelect does, and the same text once', () => {
  const text = 'id,account:iban,amount::text,producer!inner(name)'
  expect(selectionOf(text)).toEqual(readSelect(text))
  expect(selectionOf(text)).toBe(selectionOf(text))
  expect(selectionOf('id')).not.toBe(selectionOf('id,iban'))
})

test('refuses the same text each time', () => {
  for (let times = 0; times < 2; times++) expect(() => selectionOf('a,,b')).toThrow('invalid-query')
})

test('is not filled by texts without end', () => {
  for (let number = 0; number < 2_000; number++) {
    const text = `field_${number}`
    expect(selectionOf(text)).toEqual(readSelect(text))
  }
  const long = `a${'b'.repeat(2_000)}`
  expect(selectionOf(long)).not.toBe(selectionOf(long))
})
