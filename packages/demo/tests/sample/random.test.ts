import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../src/sample/random.ts'

const first = (seed: string): readonly number[] => {
  const random = randomFrom(seed)
  return Array.from({ length: 8 }, () => random.next())
}

describe('randomFrom', () => {
  it('repeats for the same seed and differs for another', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (seed, more) => {
        expect(first(seed)).toEqual(first(seed))
        expect(first(seed)).not.toEqual(first(`${seed}${more}`))
      }),
    )
  })

  it('stays within the bounds it is given, both included', () => {
    const random = randomFrom('bounds')
    const seen = new Set(Array.from({ length: 1_000 }, () => random.int(-2, 2)))
    expect([...seen].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2])
  })

  it('picks each item about as often as its weight', () => {
    const random = randomFrom('weights')
    const picks = Array.from({ length: 10_000 }, () =>
      random.weighted([
        ['often', 9],
        ['seldom', 1],
      ]),
    )
    expect(picks.filter((pick) => pick === 'seldom').length / picks.length).toBeCloseTo(0.1, 1)
  })

  it('never picks what has no weight', () => {
    const random = randomFrom('none')
    const picks = Array.from({ length: 1_000 }, () =>
      random.weighted([
        ['never', 0],
        ['always', 1],
      ]),
    )
    expect(new Set(picks)).toEqual(new Set(['always']))
  })
})
