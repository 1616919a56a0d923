import { InvariantError, suppressLinked, workCountName, type Beside, type LinkedTable } from '@varco/core'
import type { AccessFigure, HeldOfContract } from '../ports.ts'
import { countedIn, type Counted } from './counted.ts'

/** What fewer people did is held back, as it is in the reports of one contract. */
export const MIN_PEOPLE = 5

/** What is shown of a month; `null` where held back, zero where there was nothing. */
export interface ShownMonth extends ShownOutcomes {
  readonly total: number | null
  ofCompany(company: string | null): ShownOutcomes
  /** What was permitted for a purpose, to all of them when no company is given. */
  permittedFor(purpose: string, company?: string | null): number | null
}

export interface ShownOutcomes {
  readonly permitted: number | null
  readonly denied: number | null
}

/**
 * Every report of several contracts tells a month's accesses from these tables, so that all hold back the same. They have
 * numbers in common, and each of their numbers is a sum of what the reports of single contracts tell or hold back: neither
 * these nor those, nor all together, give away what fewer people did.
 *
 * INVARIANT: what is shown follows from the month alone, not from the period that is told nor from the order of its figures: else two
 * periods would hold back different things of it.
 * @param counted accesses of the month
 */
export function holdBackMonth(counted: readonly AccessFigure[], held: readonly HeldOfContract[]): ShownMonth {
  const figures = counted.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const permitted = figures.filter(({ decision }) => decision === 'permit')
  const denied = figures.filter(({ decision }) => decision === 'deny')
  const month: MonthOfAll = {
    figures,
    purposes: [...new Set(permitted.map(purposeOf))].sort(),
    companies: [...new Set(figures.map(({ processor }) => processor))],
    heldByContract: [...new Set(figures.map(({ contract }) => contract))].flatMap((each) =>
      held.filter(({ contract }) => contract === each),
    ),
  }
  const { purposes, companies } = month
  const of = (some: readonly AccessFigure[], company: string | null): readonly AccessFigure[] =>
    some.filter(({ processor }) => processor === company)
  const byOutcome = tableOf([[countedIn(permitted), countedIn(denied)]], (_, c) =>
    nameOf(OUTCOMES[c] ?? 'all', null),
  )
  const ofPurposes = tableOf(
    purposes.map((purpose) =>
      companies.map((company) => countedIn(of(permitted, company).filter(isFor(purpose)))),
    ),
    (r, c) =>
      c === companies.length && r < purposes.length
        ? null
        : nameOf('permitted', c < companies.length ? c : null, purposes[r]),
  )
  const refusals = tableOf(
    companies.map((company) => [countedIn(of(denied, company))]),
    (r, c) => (c === 0 ? nameOf('denied', r < companies.length ? r : null) : null),
  )
  const [outcomes, byPurpose, byRefusal] = suppressLinked(
    [byOutcome, ofPurposes, refusals, ...month.heldByContract.flatMap(tablesOf)],
    sumsOfContracts(month),
  )
  if (outcomes === undefined || byPurpose === undefined || byRefusal === undefined)
    throw new InvariantError('as many tables come out as went in')
  const [all = null, no = null] = outcomes.columnTotals
  return {
    ...{ permitted: all, denied: no, total: outcomes.total },
    ofCompany: (company) => {
      const c = companies.indexOf(company)
      if (c < 0) return { permitted: 0, denied: 0 }
      return {
        permitted: purposes.length === 0 ? 0 : (byPurpose.columnTotals[c] ?? null),
        denied: byRefusal.cells[c]?.[0] ?? null,
      }
    },
    permittedFor: (purpose, company) => {
      const r = purposes.indexOf(purpose)
      if (r < 0) return 0
      if (company === undefined) return byPurpose.rowTotals[r] ?? null
      const c = companies.indexOf(company)
      return c < 0 ? 0 : (byPurpose.cells[r]?.[c] ?? null)
    },
  }
}

interface MonthOfAll {
  readonly figures: readonly AccessFigure[]
  readonly purposes: readonly string[]
  /** `null`: the body's own staff. */
  readonly companies: readonly (string | null)[]
  readonly heldByContract: readonly HeldOfContract[]
}

function keyOf({ processor, contract, decision, purpose }: AccessFigure): string {
  return JSON.stringify([processor, contract, decision, purpose])
}

const OUTCOMES = ['permitted', 'denied', 'all'] as const

/** @param company its place; `null`: all of them */
function nameOf(outcome: (typeof OUTCOMES)[number], company: number | null, purpose?: string): string {
  return `${company ?? 'all companies'}: ${workCountName(outcome, purpose ?? null)}`
}

/** Empty where none was given. */
export function purposeOf({ purpose }: AccessFigure): string {
  return purpose ?? ''
}

function isFor(purpose: string): (figure: AccessFigure) => boolean {
  return (figure) => purposeOf(figure) === purpose
}

function tableOf(cells: readonly (readonly Counted[])[], nameAt: LinkedTable['nameOf']): LinkedTable {
  return {
    counts: cells.map((row) => row.map(({ accesses }) => accesses)),
    isSmall: (count, r, c) => count > 0 && peopleBehind(cells, r, c) < MIN_PEOPLE,
    nameOf: nameAt,
  }
}

/** People may be in several cells: of a sum, the most of one cell is what is surely there. */
function peopleBehind(cells: readonly (readonly Counted[])[], r: number, c: number): number {
  const rows = r < cells.length ? cells.slice(r, r + 1) : cells
  return Math.max(
    0,
    ...rows.flatMap((row) => (c < row.length ? row.slice(c, c + 1) : row)).map(({ workers }) => workers),
  )
}

function ofContract(contract: string | null, name: string): string {
  return `contract ${contract ?? ''}: ${name}`
}

function tablesOf({ contract, tables }: HeldOfContract): readonly LinkedTable[] {
  return tables.map((table) => ({
    ...table,
    nameOf: (r, c) => {
      const name = table.nameOf(r, c)
      return name === null ? null : ofContract(contract, name)
    },
  }))
}

/**
 * That the numbers here are sums of the contracts'. One of these that no report has is to be kept where it is of few people, and else
 * is taken for known.
 */
function sumsOfContracts({ figures, purposes, companies, heldByContract }: MonthOfAll): Required<Beside> {
  const told = new Set(heldByContract.flatMap(tablesOf).flatMap(namesIn))
  const secret: string[] = []
  const sumOf = (some: readonly AccessFigure[], name: string, total: string): readonly string[] => {
    const groups = Map.groupBy(some, ({ contract, processor }) => JSON.stringify([contract, processor]))
    const parts = [...groups.values()].flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const { contract, processor } = first
      // What several companies did under one name is none of theirs alone.
      const isTheirs = figures.every((each) => each.contract !== contract || each.processor === processor)
      const part = ofContract(contract, name)
      if (isTheirs && told.has(part)) return [part]
      const own = `${processor ?? ''}, ${part}`
      if (countedIn(group).workers < MIN_PEOPLE) secret.push(own)
      return [own]
    })
    return [...parts, total]
  }
  const outcome = (of: 'permit' | 'deny'): readonly AccessFigure[] =>
    figures.filter(({ decision }) => decision === of)
  const ofCompanies = companies.flatMap((company, c) => {
    const isOurs = ({ processor }: AccessFigure): boolean => processor === company
    const permitted = outcome('permit').filter(isOurs)
    return [
      ...purposes.map((purpose) =>
        sumOf(
          permitted.filter(isFor(purpose)),
          workCountName('permitted', purpose),
          nameOf('permitted', c, purpose),
        ),
      ),
      sumOf(permitted, workCountName('permitted', null), nameOf('permitted', c)),
      sumOf(outcome('deny').filter(isOurs), workCountName('denied', null), nameOf('denied', c)),
    ]
  })
  return { sums: [...ofCompanies, sumOf(figures, workCountName('all', null), nameOf('all', null))], secret }
}

function namesIn({ counts, nameOf: nameAt }: LinkedTable): readonly (string | null)[] {
  const width = (counts[0]?.length ?? 0) + 1
  return Array.from({ length: counts.length + 1 }, (_, r) =>
    Array.from({ length: width }, (_column, c) => nameAt(r, c)),
  ).flat()
}
