import { isoToMicros } from '@varco/core'
import { friction, type OversightFigures, type RefusalFigure, type WorkFigure } from '@varco/oversight'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const bundle = fixtureBundle()
const [contract] = [...bundle.contracts.keys()]
const id = contract ?? ''
/** Long after all of it. */
const now = isoToMicros('2027-06-01T00:00:00Z') ?? 0n

const AS_OF_JUNE = { purpose: 'invoice-enquiry', resource: 'invoice', reason: 'no-grant', field: '' }
const refusal = (change: Partial<RefusalFigure>): RefusalFigure => ({
  ...AS_OF_JUNE,
  ...{ month: '2026-06', refusals: 90, granted: 40, minutes: 80, workers: 8, grantedWorkers: 6 },
  ...change,
})

async function frictionOf(refusals: readonly RefusalFigure[], from = '2026-05') {
  const figures = figuresOf(
    [],
    refusals.filter(({ month }) => month >= from),
  )
  const report = await friction({ figures, bundle }, { contract: id, from, to: '2026-07', now })
  return report?.rows
}

test('refusals of few are not what one period comes to without another', async () => {
  const may = refusal({ month: '2026-05', refusals: 37, granted: 20, workers: 2 })
  expect(await frictionOf([refusal({}), may], '2026-06')).toMatchObject([{ refusals: 90, granted: 40 }])
  expect(await frictionOf([refusal({}), may])).toMatchObject([
    { refusals: null, granted: null, minutesToGrant: null },
  ])
})

test('grants to few are held back for their month where refusals are not, and so are those that all but few got', async () => {
  const told = { refusals: 180, granted: 40, grantedOf: 90, grantsHeldBack: ['2026-05'], minutesToGrant: 2 }
  for (const may of [{ granted: 9, grantedWorkers: 4 }, { granted: 88 }])
    expect(await frictionOf([refusal({}), refusal({ month: '2026-05', ...may })])).toMatchObject([told])
  expect(await frictionOf([refusal({ grantedWorkers: 4 })])).toMatchObject([
    { refusals: 90, granted: null, grantedOf: null, grantsHeldBack: ['2026-06'], minutesToGrant: null },
  ])
  const none = refusal({ month: '2026-05', granted: 0, grantedWorkers: 0, minutes: 0 })
  expect(await frictionOf([refusal({}), none])).toMatchObject([{ refusals: 180, granted: 40 }])
})

test('what is held back is not what the others leave of the drift’s refusals', async () => {
  const rows = [
    refusal({}),
    refusal({ reason: 'outside-annex', refusals: 3, granted: 0, workers: 1 }),
    refusal({ reason: 'ticket-other-purpose', refusals: 50, workers: 7 }),
  ]
  expect(await frictionOf(rows)).toMatchObject([
    { reason: 'no-grant', refusals: 90 },
    { reason: 'outside-annex', refusals: null },
    { reason: 'ticket-other-purpose', refusals: null },
  ])
})

function figuresOf(work: readonly WorkFigure[], refusals: readonly RefusalFigure[]): OversightFigures {
  return {
    work: async () => work,
    refusals: async () => refusals,
    tickets: async () => [],
    ties: async () => [],
    unusedTickets: async () => 0,
  }
}
