import type { SubjectLookup } from '@varco/access-log'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AskedPrints, ticketPrints } from '../../src/watch/ticket-prints.ts'
import { ticket } from '../support/watched-scene.ts'

const lookup = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('latin1') as SubjectLookup)

test('no ticket of whoever is asked for is passed over, and most of the others are', () => {
  const owners = fc.array(fc.array(lookup, { maxLength: 3 }), { maxLength: 40 })
  fc.assert(
    fc.property(owners, fc.array(lookup, { maxLength: 5 }), fc.nat(), (all, others, turn) => {
      const prints = ticketPrints(all.map((subjects) => ticket({ subjects })))
      const known = all.flat()
      const some = known[turn % Math.max(1, known.length)]
      const asked = new Set([...others, ...(some === undefined ? [] : [some])])
      const sieve = new AskedPrints(asked)
      const passedOver = all.filter((_, i) => !sieve.mayHold(prints, i))
      expect(passedOver.flat().filter((each) => asked.has(each))).toEqual([])
      const nobody = new AskedPrints([])
      expect([...all.keys()].some((i) => nobody.mayHold(prints, i))).toBe(false)
    }),
  )
  const strangers = ticketPrints(
    Array.from({ length: 256 }, (_, i) =>
      ticket({ subjects: [String.fromCharCode(i).repeat(16) as SubjectLookup] }),
    ),
  )
  const one = new AskedPrints(['a'.repeat(16) as SubjectLookup])
  expect(Array.from({ length: 256 }, (_, i) => one.mayHold(strangers, i)).filter(Boolean)).toHaveLength(1)
})
