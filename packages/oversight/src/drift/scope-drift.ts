import { sumShown, type Localized, type Micros } from '@varco/core'
import type { DeclaredWorkCounts } from '@varco/engagement'
import type { Bundle } from '@varco/policy'
import { MIN_GROUP } from '../held-back/min-group.ts'
import { shownMonths, type ShownMonths } from '../held-back/shown-months.ts'
import { startOfWeek, toldMonths } from '../held-back/told-months.ts'
import { monthAt } from '../watch/local-time.ts'
import type { Dimension } from '../watch/watch-store.ts'
import type { OversightFigures } from '../watch/work-figures.ts'
import { driftDeclared, type DriftDeclared } from './declared-work.ts'
import { runningWork, type RunningWork } from './running-work.ts'

/** What a contract was worked on, month by month, held against its annex. The contract's; no operator is in it. */
export interface ScopeDrift {
  readonly format: 'varco/scope-drift'
  readonly contract: string
  readonly title: Localized
  readonly reference: string
  /** First and last month, `2026-11`; the last no later than is told, where any of those asked for is. */
  readonly from: string
  readonly to: string
  /** Those told; none where all that were asked for run. */
  readonly months: readonly string[]
  /** Counts behind which there are fewer people are held back, and others with them so that none can be worked out. */
  readonly minGroup: number
  /** Accesses permitted and refused: what was attempted is work that somebody asked for. `null` where held back. */
  readonly accesses: number | null
  /** Share of all accesses that no clause covers; `null` where `accesses` is held back. */
  readonly outside: number | null
  /** Whether it may be more than that, for counts are held back that would be given away. */
  readonly outsideAtLeast: boolean
  readonly rows: Readonly<Record<Dimension, readonly DriftRow[]>>
  /** Beside the accesses, for no access shows it. */
  readonly declared: DriftDeclared
  /** Of the months asked for that are not told yet; `null` where there are none. */
  readonly running: RunningWork | null
}

export interface DriftRow {
  /** The purpose's, action's or category's name; empty where none was given. */
  readonly value: string
  readonly title: Localized | null
  /** Whether the annex covers it: a purpose by its clause, an action or category by a rule for such a purpose. */
  readonly contracted: boolean
  readonly clause: string | null
  /** Accesses; `null` where held back. */
  readonly count: number | null
  readonly refused: number | null
  /** Of all the contract's accesses; `null` where held back. */
  readonly share: number | null
  readonly monthly: readonly {
    readonly month: string
    readonly count: number | null
    readonly share: number | null
  }[]
  /** By how many hundredths the share grows in a month, fitted over the months; `null` where held back or too short. */
  readonly trend: number | null
  readonly firstSeen: Micros
  /** Events of the log that show it; none where the count is held back. */
  readonly evidence: readonly string[]
}

export interface ScopeDriftRequest {
  readonly contract: string
  /** Months, both included. */
  readonly from: string
  readonly to: string
  readonly now: Micros
}

/** @returns `null` for a contract that the bundle does not know */
export async function scopeDrift(
  {
    figures,
    bundle,
    declared,
  }: {
    readonly figures: OversightFigures
    readonly bundle: Bundle
    readonly declared: DeclaredWorkCounts
  },
  { contract: id, from, to: asked, now }: ScopeDriftRequest,
): Promise<ScopeDrift | null> {
  const contract = bundle.contracts.get(id as never)
  if (contract === undefined) return null
  const { time_zone: timeZone } = bundle.document.varco
  const { lastTold, told, to } = toldMonths({ from, to: asked, now }, timeZone)
  const months = monthsBetween(from, told)
  const shown = await shownMonths(figures, { contract: id, from, to: told })
  const covered = coverage(bundle, id)
  const rowsOf = (dimension: Dimension): readonly DriftRow[] =>
    driftRows({ months, covered, bundle, dimension, shown })
  const rows = { purpose: rowsOf('purpose'), action: rowsOf('action'), category: rowsOf('category') }
  const accesses =
    months.length === 0 ? null : sumShown(months.map((month) => shown.of(month).all('purpose')))
  const running = monthsBetween(from, asked).filter(
    (month) => month > lastTold && month <= monthAt(now, timeZone),
  )
  return {
    format: 'varco/scope-drift',
    contract: id,
    title: contract.document.title,
    reference: contract.document.reference,
    ...{ from, to, months, accesses },
    minGroup: MIN_GROUP,
    ...outsideOf(rows.purpose, accesses),
    rows,
    declared: driftDeclared(await declared.counted(contract.id, from, to), (purpose) => ({
      title: titleOf(bundle, 'purpose', purpose),
      contracted: covered.purpose.has(purpose),
      clause: covered.clauses.get(purpose) ?? null,
    })),
    running:
      running.length === 0
        ? null
        : runningWork(await figures.work(id, running[0] ?? asked, running.at(-1) ?? asked), {
            ...{ months: running, until: startOfWeek(now, timeZone) },
            isContracted: (dimension, value) => covered[dimension].has(value),
            titleOf: (dimension, value) => titleOf(bundle, dimension, value),
          }),
  }
}

/** Worked out from the rows shown alone, so that it tells nothing more. */
function outsideOf(
  rows: readonly DriftRow[],
  accesses: number | null,
): Pick<ScopeDrift, 'outside' | 'outsideAtLeast'> {
  if (accesses === null) return { outside: null, outsideAtLeast: true }
  if (accesses === 0) return { outside: 0, outsideAtLeast: false }
  const [outside, inside] = [false, true].map((contracted) => {
    const some = rows.filter((row) => row.contracted === contracted)
    const shown = some.flatMap(({ count }) => count ?? [])
    return { sum: sumShown(shown) ?? 0, isAll: shown.length === some.length }
  })
  if (outside?.isAll !== true && inside?.isAll === true)
    return { outside: (accesses - inside.sum) / accesses, outsideAtLeast: false }
  return { outside: (outside?.sum ?? 0) / accesses, outsideAtLeast: outside?.isAll !== true }
}

interface Coverage extends Readonly<Record<Dimension, ReadonlySet<string>>> {
  readonly clauses: ReadonlyMap<string, string>
}

function coverage(bundle: Bundle, id: string): Coverage {
  const annex = bundle.contracts.get(id as never)?.document.annex ?? []
  const clauses = new Map(annex.map(({ purpose, clause }) => [purpose, clause]))
  const purposes = new Set(clauses.keys())
  const rules = bundle.document.access.filter(
    ({ effect, contracts, purposes: of }) =>
      effect === 'permit' &&
      (contracts ?? [id]).includes(id) &&
      (of ?? []).some((purpose) => purposes.has(purpose)),
  )
  const categories = rules.flatMap(({ resource, fields }) => {
    const named = [...(fields?.plain ?? []), ...Object.keys(fields?.masked ?? {})]
    const known = bundle.resources.get(resource as never)?.fields
    return named.flatMap((field) => known?.get(field as never)?.category ?? [])
  })
  return {
    clauses,
    purpose: purposes,
    action: new Set(rules.flatMap(({ actions }) => actions)),
    category: new Set(categories),
  }
}

function driftRows({
  months,
  covered,
  bundle,
  dimension,
  shown,
}: {
  readonly months: readonly string[]
  readonly covered: Coverage
  readonly bundle: Bundle
  readonly dimension: Dimension
  readonly shown: ShownMonths
}): readonly DriftRow[] {
  const figures = Map.groupBy(
    shown.work.filter((figure) => figure.dimension === dimension),
    ({ value }) => value,
  )
  const total = sumShown(months.map((month) => shown.of(month).all(dimension)))
  const rows = [...figures].map(([value, all]): DriftRow => {
    const monthly = months.map((month) => {
      const count = shown.of(month).of(dimension, value)
      return { month, count, share: shareOf(count, shown.of(month).all(dimension)) }
    })
    const count = sumShown(monthly.map((each) => each.count))
    return {
      value,
      title: titleOf(bundle, dimension, value),
      contracted: covered[dimension].has(value),
      clause: dimension === 'purpose' ? (covered.clauses.get(value) ?? null) : null,
      ...{ count, monthly },
      refused:
        count === null ? null : sumShown(months.map((month) => shown.of(month).refused(dimension, value))),
      share: shareOf(count, total),
      trend: trendOf(monthly.map(({ share }) => share)),
      firstSeen: all.reduce(
        (first, { firstAt }) => (firstAt < first ? firstAt : first),
        all[0]?.firstAt ?? 0n,
      ),
      evidence: count === null ? [] : all.flatMap(({ evidence }) => evidence).slice(0, MAX_EVIDENCE),
    }
  })
  return rows.toSorted(
    (a, b) =>
      Number(a.contracted) - Number(b.contracted) ||
      (b.count ?? 0) - (a.count ?? 0) ||
      (a.value < b.value ? -1 : 1),
  )
}

const MAX_EVIDENCE = 20

function shareOf(count: number | null, total: number | null): number | null {
  return count === null || total === null ? null : total === 0 ? 0 : count / total
}

/** Least squares over the months; shares in hundredths. */
function trendOf(shares: readonly (number | null)[]): number | null {
  const points = shares.flatMap((share, x) => (share === null ? [] : [{ x, y: share * 100 }]))
  if (points.length < 3 || points.length < shares.length) return null
  const meanX = points.reduce((total, { x }) => total + x, 0) / points.length
  const meanY = points.reduce((total, { y }) => total + y, 0) / points.length
  const above = points.reduce((total, { x, y }) => total + (x - meanX) * (y - meanY), 0)
  const below = points.reduce((total, { x }) => total + (x - meanX) ** 2, 0)
  return Math.round((above / below) * 1_000) / 1_000
}

function titleOf({ document }: Bundle, dimension: Dimension, value: string): Localized | null {
  if (dimension === 'purpose') return document.purposes[value]?.title ?? null
  return dimension === 'category' ? (document.varco.categories[value]?.title ?? null) : null
}

/** All months from one to another. */
export function monthsBetween(from: string, to: string): readonly string[] {
  const index = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1
  const first = index(from)
  return Array.from({ length: Math.max(0, index(to) - first + 1) }, (_, i) => {
    const at = first + i
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
  })
}
