import { describe, expect, it } from 'vitest'
import { instant } from '../../src/sample/day.ts'
import { sampleEngagement } from '../../src/sample/sample-engagement.ts'

const engagement = sampleEngagement({ now: instant('2026-11-24T10:00:00+01:00') })

describe('sampleEngagement', () => {
  it('has the three contracts: closed, insolvent, active', () => {
    expect(engagement.contracts.map(({ contract, state }) => `${contract} ${state}`)).toEqual([
      'zefiranza-2018 closed',
      'brumalba-2022 insolvent',
      'aurispola-2026 active',
    ])
  })

  it('assigns operators it also names', () => {
    const known = new Set(engagement.operators.map(({ id }) => id))
    expect(engagement.assignments.filter(({ operator }) => !known.has(operator))).toEqual([])
    expect(engagement.assignments.length).toBe(engagement.operators.length)
  })

  it('gives an officer regions and a contractor’s operator none', () => {
    const regional = engagement.assignments.filter(({ attributes }) => 'regions' in attributes)
    expect(regional.map(({ contract }) => contract).filter((contract) => contract !== null)).toEqual([])
    expect(new Set(regional.map(({ role }) => role))).toEqual(
      new Set(['antimafia.officer', 'back-office.officer']),
    )
  })
})
