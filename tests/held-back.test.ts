import fc from 'fast-check'
import { isoToMicros } from '@varco/core'
import {
  friction,
  heldByContract,
  scopeDrift,
  ticketIntegrity,
  type OversightFigures,
  type RefusalFigure,
  type WorkFigure,
} from '@varco/oversight'
import { makeAuditReport, makeTransparencyReport, type AccessFigure } from '@varco/reports'
import { expect, test } from 'vitest'
import { whatSumsTell } from '../packages/oversight/tests/support/what-sums-tell.ts'
import { sampleBody } from '../packages/reports/tests/sample-body.ts'

/*
 * Whoever reads every report of every period, and adds and subtracts whatever they tell, does not come to a number behind
 * which there are fewer than five people of one contract.
 */

const MONTHS = ['2026-05', '2026-06', '2026-07']
const PERIODS = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [1, 2],
  [0, 2],
] as const
/** Long after all of it. */
const NOW = isoToMicros('2027-06-01T00:00:00Z') ?? 0n
/** One company with two contracts, one with one, and the body's own units. */
const CONTRACTS = [
  { contract: 'aurora-2024', processor: 'aurora' },
  { contract: 'aurora-2026', processor: 'aurora' },
  { contract: 'borea-2023', processor: 'borea' },
  { contract: null, processor: null },
]
const PURPOSES = ['invoice-enquiry', 'antimafia-status']
/** Of each contract; more than there are accesses. */
const TICKETS = 100_000
const ACTIONS = ['read', 'search']
const OUTCOMES = ['permit', 'no-grant', 'outside-annex']
const KINDS = MONTHS.flatMap((month) =>
  CONTRACTS.flatMap((by) =>
    PURPOSES.flatMap((purpose) =>
      OUTCOMES.flatMap((outcome) => ACTIONS.map((action) => ({ month, ...by, purpose, action, outcome }))),
    ),
  ),
)
type Kind = (typeof KINDS)[number]
type Which = (kind: Kind) => boolean

/** So many accesses of some kind, by these people. */
interface Cell {
  readonly count: number
  readonly people: readonly number[]
}

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8]
/** Of one month, contract, purpose and outcome: mostly by many, and here and there by few or by nobody. */
const GROUP = ACTIONS.length
const groups = fc.array(
  fc.record({
    people: fc.oneof(
      { weight: 6, arbitrary: fc.constant(EIGHT) },
      { weight: 2, arbitrary: fc.subarray(EIGHT, { minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
    counts: fc.array(fc.nat(99), { minLength: GROUP, maxLength: GROUP }),
  }),
  { minLength: KINDS.length / GROUP, maxLength: KINDS.length / GROUP },
)
/** A contract not at work in a month, and a purpose that nobody had in one: what a period has as a whole, its months need not. */
const silent = fc.record({
  contracts: fc.subarray(
    MONTHS.flatMap((month) => CONTRACTS.map(({ contract }) => `${month} ${contract}`)),
    {
      maxLength: 3,
    },
  ),
  purposes: fc.subarray(
    MONTHS.flatMap((month) => PURPOSES.map((purpose) => `${month} ${purpose}`)),
    {
      maxLength: 1,
    },
  ),
})
const cells: fc.Arbitrary<readonly Cell[]> = fc.tuple(groups, silent).map(([some, { contracts, purposes }]) =>
  KINDS.map(({ month, contract, purpose }, i) => {
    const { people = [], counts = [] } = some[Math.floor(i / GROUP)] ?? {}
    const isSilent = contracts.includes(`${month} ${contract}`) || purposes.includes(`${month} ${purpose}`)
    return { people, count: isSilent || people.length === 0 ? 0 : (counts[i % GROUP] ?? 0) }
  }),
)

test('no report, and no two of different kinds, contracts or periods, tell what fewer than five people did', async () => {
  await using body = await sampleBody()
  const wrong: string[] = []
  let shown = 0
  await fc.assert(
    fc.asyncProperty(cells, async (all) => {
      const known = whatSumsTell()
      const tell = (figure: number | null | undefined, of: Which): void => {
        if (figure === null || figure === undefined) return
        expect(figure).toBe(countOf(all, of))
        known.tell(sumOf(of))
        shown++
      }
      for (const period of PERIODS) {
        for (const { contract } of CONTRACTS) await readOfContract(all, contract, period, tell)
        await readOfAll(all, period, tell)
      }
      for (const { name, of } of fewIn(all)) if (known.comesTo(sumOf(of))) wrong.push(name)
      return wrong.length === 0
    }),
    { numRuns: Number(process.env['VARCO_ROUNDS'] ?? 8), endOnFailure: true },
  )
  expect(wrong).toEqual([])
  expect(shown).toBeGreaterThan(1_000)

  type Tell = (figure: number | null | undefined, of: Which) => void

  async function readOfContract(
    all: readonly Cell[],
    contract: string | null,
    [first, last]: (typeof PERIODS)[number],
    tell: Tell,
  ): Promise<void> {
    const figures = figuresOf(all)
    const { bundle } = body
    const [from, to] = [MONTHS[first] ?? '', MONTHS[last] ?? '']
    const within: Which = ({ month, contract: by }) => by === contract && month >= from && month <= to
    const drift =
      contract === null
        ? null
        : await scopeDrift(
            { figures, bundle, declared: { counted: async () => [] } },
            { contract, from, to, now: NOW },
          )
    for (const dimension of ['purpose', 'action'] as const)
      for (const row of drift?.rows[dimension] ?? []) {
        const isRow: Which = (kind) => kind.contract === contract && kind[dimension] === row.value
        tell(row.count, (kind) => within(kind) && isRow(kind))
        tell(row.refused, (kind) => within(kind) && isRow(kind) && kind.outcome !== 'permit')
        for (const { month, count } of row.monthly) tell(count, (kind) => kind.month === month && isRow(kind))
      }
    tell(drift?.accesses, within)
    const rubs = await friction({ figures, bundle }, { contract, from, to, now: NOW })
    for (const row of rubs?.rows ?? [])
      tell(
        row.refusals,
        (kind) => within(kind) && kind.purpose === row.purpose && kind.outcome === row.reason,
      )
    const span = { from: startOf(first), to: startOf(last + 1) }
    const tickets = await ticketIntegrity({ figures, bundle }, { ...span, now: NOW, contracts: [contract] })
    const permitted: Which = (kind) => within(kind) && kind.outcome === 'permit'
    tell(tickets.rows[0]?.accesses, permitted)
    const unused = tickets.rows[0]?.ticketsWithoutAccess ?? null
    tell(unused === null ? null : TICKETS - unused, permitted)
  }

  async function readOfAll(
    all: readonly Cell[],
    [first, last]: (typeof PERIODS)[number],
    tell: Tell,
  ): Promise<void> {
    const deps = {
      ...{ log: body.log, reader: body.reader, bundle: body.bundle, requestId: () => 'r-1' },
      figures: { count: async () => accessFigures(all, first, last) },
      heldByContract: (contracts: readonly (string | null)[], period: { from: string; to: string }) =>
        heldByContract(figuresOf(all), contracts, period),
    }
    const span = { from: startOf(first), to: startOf(last + 1), now: startOf(last + 1) }
    const by = { ...span, locale: 'it', requestedBy: 'RPD-2K9QX' } as const
    const within: Which = ({ month }) => MONTHS.slice(first, last + 1).includes(month)
    const split = (
      told: { permitted: number | null; denied: number | null; total?: number | null },
      of: Which,
    ): void => {
      tell(told.permitted, (kind) => of(kind) && kind.outcome === 'permit')
      tell(told.denied, (kind) => of(kind) && kind.outcome !== 'permit')
      tell(told.total, of)
    }
    const published = await makeTransparencyReport(deps, by)
    const { by_month: months, by_purpose: purposes } = published
    split(months, within)
    for (const row of months.rows) split(row, ({ month }) => month === row.month)
    const permitted: Which = (kind) => within(kind) && kind.outcome === 'permit'
    tell(purposes.total, permitted)
    purposes.companies.forEach((company, i) => {
      const isTheirs: Which = (kind) => permitted(kind) && kind.processor === (company?.id ?? null)
      tell(purposes.totals[i], isTheirs)
      for (const row of purposes.rows)
        tell(row.accesses[i], (kind) => isTheirs(kind) && kind.purpose === row.purpose.id)
    })
    for (const row of purposes.rows)
      tell(row.total, (kind) => permitted(kind) && kind.purpose === row.purpose.id)
    const verdict = { ok: true, events: 1, disclosures: 0, trees: [], findings: [] }
    const { accesses } = await makeAuditReport(deps, { ...by, verdict })
    split(accesses, within)
    for (const row of accesses.by_month) split(row, ({ month }) => month === row.month)
    for (const row of accesses.by_company)
      split(row, (kind) => within(kind) && kind.processor === (row.company?.id ?? null))
  }
}, 120_000)

function startOf(month: number): bigint {
  return isoToMicros(`2026-0${month + 5}-01T00:00:00+02:00`) ?? 0n
}

function sumOf(of: Which): readonly number[] {
  return KINDS.map((kind) => Number(of(kind)))
}

function countOf(all: readonly Cell[], of: Which): number {
  return KINDS.reduce((sum, kind, i) => sum + (of(kind) ? (all[i]?.count ?? 0) : 0), 0)
}

function peopleOf(all: readonly Cell[], of: Which): number {
  const some = KINDS.flatMap((kind, i) =>
    of(kind) && (all[i]?.count ?? 0) > 0 ? (all[i]?.people ?? []) : [],
  )
  return new Set(some).size
}

/** Of each contract and month what the watch counts: by purpose, by action, by reason, and in all. */
function countsOf(contract: string | null, month: string) {
  const is =
    (of: Which): Which =>
    (kind) =>
      kind.contract === contract && kind.month === month && of(kind)
  const work = (['purpose', 'action'] as const).flatMap((dimension) =>
    (dimension === 'purpose' ? PURPOSES : ACTIONS).flatMap((value) =>
      (['permit', 'deny'] as const).map((decision) => ({
        ...{ month, dimension, value, decision },
        of: is(
          (kind) => kind[dimension] === value && (kind.outcome === 'permit') === (decision === 'permit'),
        ),
      })),
    ),
  )
  const refusals = PURPOSES.flatMap((purpose) =>
    OUTCOMES.slice(1).map((reason) => ({
      ...{ month, purpose, reason },
      of: is((kind) => kind.purpose === purpose && kind.outcome === reason),
    })),
  )
  const inAll = [is(({ outcome }) => outcome === 'permit'), is(({ outcome }) => outcome !== 'permit')]
  return { work, refusals, inAll }
}

/** What must not be told. */
function fewIn(all: readonly Cell[]): readonly { readonly name: string; readonly of: Which }[] {
  return CONTRACTS.flatMap(({ contract }) =>
    MONTHS.flatMap((month) => {
      const { work, refusals, inAll } = countsOf(contract, month)
      const named = [
        ...work.map(({ of, value, decision }) => ({ of, name: `${decision} ${value}` })),
        ...refusals.map(({ of, purpose, reason }) => ({ of, name: `${reason} ${purpose}` })),
        ...inAll.map((of, i) => ({ of, name: `${i === 0 ? 'permitted' : 'denied'} in all` })),
      ]
      return named
        .filter(({ of }) => peopleOf(all, of) > 0 && peopleOf(all, of) < 5)
        .map(({ of, name }) => ({ of, name: `${contract ?? 'own'} ${month}: ${name}` }))
    }),
  )
}

function figuresOf(all: readonly Cell[]): OversightFigures {
  const within = (from: string, to: string): readonly string[] =>
    MONTHS.filter((month) => month >= from && month <= to)
  return {
    work: async (contract, from, to) =>
      within(from, to).flatMap((month) =>
        countsOf(contract, month).work.flatMap(({ of, ...rest }): WorkFigure[] => {
          const accesses = countOf(all, of)
          if (accesses === 0) return []
          return [{ ...rest, accesses, workers: peopleOf(all, of), firstAt: 1n, fifthAt: 1n, evidence: [] }]
        }),
      ),
    refusals: async (contract, from, to) =>
      within(from, to).flatMap((month) =>
        countsOf(contract, month).refusals.flatMap(({ of, ...rest }): RefusalFigure[] => {
          const [refusals, workers] = [countOf(all, of), peopleOf(all, of)]
          const none = { granted: 0, minutes: 0, grantedWorkers: 0 }
          return refusals === 0
            ? []
            : [{ ...rest, ...none, resource: 'invoice', field: '', refusals, workers }]
        }),
      ),
    tickets: async () => [],
    ties: async (contract, from, to) =>
      within(from, to).map((month) => ({
        month,
        accesses: countOf(
          all,
          (kind) => kind.contract === contract && kind.outcome === 'permit' && kind.month === month,
        ),
        accessesWithoutTicket: 0,
      })),
    // Each access is to a ticket of its own.
    unusedTickets: async (contract, from, to) =>
      TICKETS -
      countOf(all, (kind) => {
        const at = startOf(MONTHS.indexOf(kind.month))
        return kind.contract === contract && kind.outcome === 'permit' && at >= from && at < to
      }),
  }
}

function accessFigures(all: readonly Cell[], first: number, last: number): readonly AccessFigure[] {
  return MONTHS.slice(first, last + 1).flatMap((month) =>
    CONTRACTS.flatMap(({ contract, processor }) =>
      PURPOSES.flatMap((purpose) =>
        (['permit', 'deny'] as const).flatMap((decision) => {
          const of: Which = (kind) =>
            kind.month === month &&
            kind.contract === contract &&
            kind.purpose === purpose &&
            (kind.outcome === 'permit') === (decision === 'permit')
          const count = countOf(all, of)
          const workers = peopleOf(all, of)
          return count === 0
            ? []
            : [
                {
                  month,
                  kind: 'access',
                  decision,
                  processor,
                  contract,
                  purpose,
                  report: null,
                  count,
                  workers,
                },
              ]
        }),
      ),
    ),
  )
}
