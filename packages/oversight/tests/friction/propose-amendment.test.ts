import { expect, test } from 'vitest'
import { millisToMicros } from '@varco/core'
import { friction, proposeAmendments, type OversightFigures, type RefusalFigure } from '@varco/oversight'
import { diffBundles, diffText } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'

const bundle = fixtureBundle()
const [contract] = [...bundle.contracts.values()]
const id = contract?.id ?? ''
const outside = [...bundle.purposes.keys()].find((purpose) => contract?.purposes.has(purpose) === false) ?? ''

function figuresOf(rows: readonly Partial<RefusalFigure>[]): OversightFigures {
  const refusals = rows.map((row): RefusalFigure => ({
    ...{ month: '2026-01', purpose: outside, resource: 'invoice', reason: 'outside-annex', field: '' },
    ...{ refusals: 20, granted: 15, minutes: 300, workers: 9, grantedWorkers: 7 },
    ...row,
  }))
  return { work: async () => [], refusals: async () => refusals } as unknown as OversightFigures
}

/** Long after all of it. */
const now = millisToMicros(Date.parse('2027-06-01T10:00:00Z'))
const request = { contract: id, from: '2026-01', to: '2026-03', now }

test('adds up what was refused, and how long the unit took', async () => {
  const report = await friction(
    { figures: figuresOf([{}, { month: '2026-02', granted: 5, minutes: 300 }]), bundle },
    request,
  )
  expect(report?.rows).toEqual([
    {
      ...{ purpose: outside, resource: 'invoice', reason: 'outside-annex', field: '' },
      refusals: 40,
      ...{ granted: 20, grantedOf: 40, grantsHeldBack: [] },
      minutesToGrant: 30,
    },
  ])
})

test('where a grant nearly always follows, a draft of the annex with its diff is proposed', async () => {
  const report = await friction({ figures: figuresOf([{}]), bundle }, request)
  const [amendment, ...others] = proposeAmendments(
    bundle,
    report ?? { format: 'varco/friction', ...request, minGroup: 5, rows: [] },
  )
  expect(others).toEqual([])
  expect(amendment?.kind).toBe('annex')
  const drafted = amendment?.draft.processors
    .flatMap(({ contracts }) => contracts)
    .find((each) => each.id === id)
  expect(drafted?.annex.map(({ purpose }) => purpose)).toContain(outside)
  expect(diffText(amendment?.diff ?? diffBundles(bundle, bundle))).not.toBe('')
})

test('a month whose grants are held back does not keep the others from being proposed on', async () => {
  const report = await friction(
    { figures: figuresOf([{ grantedWorkers: 0, refusals: 500 }, { month: '2026-02' }]), bundle },
    request,
  )
  expect(report?.rows[0]?.grantsHeldBack).toHaveLength(1)
  expect(report === null ? [] : proposeAmendments(bundle, report)).toHaveLength(1)
})

test('nothing is proposed for exceptions, and nothing told of fewer than five people', async () => {
  for (const rare of [{ granted: 3 }, { refusals: 200 }, { workers: 4 }]) {
    const report = await friction({ figures: figuresOf([rare]), bundle }, request)
    expect(report === null ? [] : proposeAmendments(bundle, report)).toEqual([])
  }
  const few = await friction({ figures: figuresOf([{ workers: 4 }]), bundle }, request)
  expect(few?.rows[0]).toMatchObject({ refusals: null, granted: null, minutesToGrant: null })
})
