import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seal, unseal } from '../../src/session/sealed.ts'

test('what was sealed is unsealed with the same secret, for the same use, and in no other way', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1 }),
      (value, secret, other) => {
        const normal: unknown = JSON.parse(JSON.stringify(value))
        const sealed = seal(normal as string, secret, 'login')
        expect(unseal(sealed, secret, 'login')).toEqual(normal)
        expect(unseal(sealed, secret, 'search')).toBeNull()
        fc.pre(other !== secret)
        expect(unseal(sealed, other, 'login')).toBeNull()
      },
    ),
    { numRuns: 50 },
  )
})

test('any altered byte makes it worthless', () => {
  const sealed = Buffer.from(seal({ id: 'P-1' }, 'secret', 'search'), 'base64url')
  for (let index = 0; index < sealed.length; index++) {
    const altered = Buffer.from(sealed)
    altered[index] = (altered[index] ?? 0) ^ 1
    expect(unseal(altered.toString('base64url'), 'secret', 'search')).toBeNull()
  }
  for (const text of ['', 'x', sealed.subarray(0, 20).toString('base64url')]) {
    expect(unseal(text, 'secret', 'search')).toBeNull()
  }
})

test('the same value never looks the same twice', () => {
  expect(seal('a', 'secret', 'use')).not.toBe(seal('a', 'secret', 'use'))
})
