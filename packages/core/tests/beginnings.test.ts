import { beginnings } from '@varco/core'
import { expect, test } from 'vitest'

test('each shows the bytes as they are now, and is made once', () => {
  const buffer = Buffer.from('abcdef')
  const beginning = beginnings(buffer)
  const three = beginning(3)
  expect(Buffer.from(three).toString()).toBe('abc')
  buffer.write('xyz')
  expect(Buffer.from(three).toString()).toBe('xyz')
  expect(beginning(3)).toBe(three)
  expect([0, 6].map((length) => Buffer.from(beginning(length)).toString())).toEqual(['', 'xyzdef'])
})
