import { mayBeSamePerson } from '@varco/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test.each([
  'adm-1',
  ' ADM-1',
  'ADM-1\t',
  '\uff21DM-1',
  'ADM\u20131',
  'AD\u200bM-1',
  'ADM-\ufeff1',
  'Adm-1\u3164',
])('ADM-1 is not a second person as %j', (name) => {
  expect(mayBeSamePerson('ADM-1', name)).toBe(true)
  expect(mayBeSamePerson(name, 'ADM-1')).toBe(true)
})

test('nor is a letter and its accent that a mark nobody sees keeps apart, or a minus', () => {
  expect(mayBeSamePerson('Andr\u00e9', 'Andre\u034f\u0301')).toBe(true)
  expect(mayBeSamePerson('ADM-1', 'ADM\u22121')).toBe(true)
})

test('names that differ in a letter or a digit are two people', () => {
  const name = fc.stringMatching(/^[A-Z0-9][A-Z0-9.-]{0,8}$/)
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(mayBeSamePerson(one, other)).toBe(one === other)
    }),
  )
})
