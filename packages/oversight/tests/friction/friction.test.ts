import fc from 'fast-check'
import {
  friction,
  scopeDrift,
  ticketIntegrity,
  type OversightFigures,
  type RefusalFigure,
  type WorkFigure,
} from '@varco/oversight'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { startOfMonth } from '../../src/watch/local-time.ts'
import { whatSumsTell } from '../support/what-sums-tell.ts'

const bundle = fixtureBundle()
const [contract] = [...bundle.contracts.keys()]
const id = contract ?? ''

const MONTHS = ['2026-05', '2026-06', '2026-07']
const PERIODS = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [1, 2],
  [0, 2],
] as const

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
  const report = await friction({ figures, bundle }, { contract: id, from, to: '2026-07' })
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

/** So many accesses of some kind, by these people. */
interface Cell {
  readonly count: number
  readonly people: readonly number[]
}

const PURPOSES = ['invoice-enquiry', 'antimafia-status']
const ACTIONS = ['read', 'search']
const OUTCOMES = ['permit', 'no-grant', 'outside-annex']
const KINDS = MONTHS.flatMap((month) =>
  PURPOSES.flatMap((purpose) =>
    ACTIONS.flatMap((action) => OUTCOMES.map((outcome) => ({ month, purpose, action, outcome }))),
  ),
)
type Kind = (typeof KINDS)[number]

const cells = fc.array(
  fc.record({
    count: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 99 })),
    people: fc.oneof(
      fc.subarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 1 }),
      fc.constant([1, 2, 3, 4, 5, 6, 7, 8]),
    ),
  }),
  { minLength: KINDS.length, maxLength: KINDS.length },
)

test('no report, and no two of different kinds or periods, tell what fewer than five people did', async () => {
  const wrong: string[] = []
  let shown = 0
  await fc.assert(
    fc.asyncProperty(cells, async (all) => {
      const { work, refusals, sensitive } = countedOf(all)
      const known = whatSumsTell()
      const tell = (figure: number | null, of: (kind: Kind) => boolean): void => {
        if (figure === null) return
        known.tell(sumOf(of))
        shown++
      }
      for (const [first, last] of PERIODS) {
        const [from, to] = [MONTHS[first] ?? '', MONTHS[last] ?? '']
        const within = ({ month }: { month: string }): boolean => month >= from && month <= to
        const figures = figuresOf(work.filter(within), refusals.filter(within), all)
        const drift = await scopeDrift(
          { figures, bundle, declared: { counted: async () => [] } },
          { contract: id, from, to },
        )
        for (const dimension of ['purpose', 'action'] as const)
          for (const row of drift?.rows[dimension] ?? []) {
            const isRow = (kind: Kind): boolean => kind[dimension] === row.value
            tell(row.count, (kind) => within(kind) && isRow(kind))
            tell(row.refused, (kind) => within(kind) && isRow(kind) && kind.outcome !== 'permit')
            for (const { month, count } of row.monthly)
              tell(count, (kind) => kind.month === month && isRow(kind))
          }
        tell(drift?.accesses ?? null, within)
        const rubs = await friction({ figures, bundle }, { contract: id, from, to })
        for (const row of rubs?.rows ?? [])
          tell(
            row.refusals,
            (kind) => within(kind) && kind.purpose === row.purpose && kind.outcome === row.reason,
          )
        const span = { from: startOfMonth(from, ZONE), to: startOfMonth(`2026-0${last + 6}`, ZONE) }
        const tickets = await ticketIntegrity({ figures, bundle }, { ...span, now: span.to, contracts: [id] })
        tell(tickets.rows[0]?.accesses ?? null, (kind) => within(kind) && kind.outcome === 'permit')
      }
      for (const { name, of } of sensitive) if (known.comesTo(sumOf(of))) wrong.push(name)
      return wrong.length === 0
    }),
    { numRuns: Number(process.env['VARCO_ROUNDS'] ?? 60) },
  )
  expect(wrong).toEqual([])
  expect(shown).toBeGreaterThan(1_000)
})

const ZONE = bundle.document.varco.time_zone

function sumOf(of: (kind: Kind) => boolean): readonly number[] {
  return KINDS.map((kind) => Number(of(kind)))
}

/** What the watch would have counted, and which of the counts are of few people. */
function countedOf(all: readonly Cell[]) {
  const work: WorkFigure[] = []
  const refusals: RefusalFigure[] = []
  const sensitive: { name: string; of: (kind: Kind) => boolean }[] = []
  const counted = (name: string, of: (kind: Kind) => boolean): { count: number; workers: number } => {
    const some = all.filter((_, i) => of(KINDS[i] ?? { month: '', purpose: '', action: '', outcome: '' }))
    const busy = some.filter(({ count }) => count > 0)
    const workers = new Set(busy.flatMap(({ people }) => people)).size
    if (workers > 0 && workers < 5) sensitive.push({ name, of })
    return { count: busy.reduce((sum, { count }) => sum + count, 0), workers }
  }
  for (const month of MONTHS) {
    for (const dimension of ['purpose', 'action'] as const)
      for (const value of dimension === 'purpose' ? PURPOSES : ACTIONS)
        for (const decision of ['permit', 'deny'] as const) {
          const { count, workers } = counted(`${decision} ${value} ${month}`, (kind) =>
            [
              kind.month === month,
              kind[dimension] === value,
              (kind.outcome === 'permit') === (decision === 'permit'),
            ].every(Boolean),
          )
          if (count > 0)
            work.push({
              ...{ month, dimension, value, decision, accesses: count, workers },
              ...{ firstAt: 1n, evidence: [] },
            })
        }
    for (const purpose of PURPOSES)
      for (const reason of OUTCOMES.slice(1)) {
        const { count, workers } = counted(
          `${reason} ${purpose} ${month}`,
          (kind) => kind.month === month && kind.purpose === purpose && kind.outcome === reason,
        )
        if (count > 0) refusals.push(refusal({ month, purpose, reason, refusals: count, workers }))
      }
    counted(`permit ${month}`, (kind) => kind.month === month && kind.outcome === 'permit')
    counted(`deny ${month}`, (kind) => kind.month === month && kind.outcome !== 'permit')
  }
  return { work, refusals, sensitive }
}

function figuresOf(
  work: readonly WorkFigure[],
  refusals: readonly RefusalFigure[],
  all: readonly Cell[] = [],
): OversightFigures {
  return {
    work: async () => work,
    refusals: async () => refusals,
    tickets: async () => [],
    ties: async (_contract, from, to) => {
      const accesses = KINDS.reduce((sum, { month, outcome }, i) => {
        const at = startOfMonth(month, ZONE)
        return sum + (outcome === 'permit' && at >= from && at < to ? (all[i]?.count ?? 0) : 0)
      }, 0)
      return { accesses, accessesWithoutTicket: 0, ticketsWithoutAccess: 0 }
    },
  }
}
