import { sumShown, type Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { MIN_GROUP } from '../held-back/min-group.ts'
import { shownMonths, type ShownMonths } from '../held-back/shown-months.ts'
import { toldMonths } from '../held-back/told-months.ts'
import type { OversightFigures, RefusalFigure } from '../watch/work-figures.ts'

/** Where work of a contract meets a refusal, and how often a grant lets it go on. */
export interface Friction {
  readonly format: 'varco/friction'
  readonly contract: string | null
  /** Months; the last no later than is told, where any of those asked for is. */
  readonly from: string
  readonly to: string
  readonly minGroup: number
  readonly rows: readonly FrictionRow[]
}

export interface FrictionRow {
  readonly purpose: string
  readonly resource: string
  readonly reason: string
  /** The field asked for, where the refusal was about one. */
  readonly field: string
  /** `null` where fewer than five people are behind it in any month, or it would tell of another that is held back. */
  readonly refusals: number | null
  /**
   * How many were followed by an access under a grant within a day, in the months of which it is told; `null` where `refusals` is
   * held back, or no month is told of.
   */
  readonly granted: number | null
  /** How many refusals there were in those months. */
  readonly grantedOf: number | null
  /** The months of which grants are held back: they were given to few, to all but few, or it was not counted then to how many. */
  readonly grantsHeldBack: readonly string[]
  /** Minutes from the refusal to the unit's decision, in the mean; `null` where there was none, or held back. */
  readonly minutesToGrant: number | null
}

export interface FrictionRequest {
  readonly contract: string | null
  /** Months, both included. */
  readonly from: string
  readonly to: string
  readonly now: Micros
}

/** @returns `null` for a contract that the bundle does not know */
export async function friction(
  { figures, bundle }: { readonly figures: OversightFigures; readonly bundle: Bundle },
  request: FrictionRequest,
): Promise<Friction | null> {
  const { contract, from } = request
  if (contract !== null && !bundle.contracts.has(contract as never)) return null
  const { told, to } = toldMonths(request, bundle.document.varco.time_zone)
  const shown = await shownMonths(figures, { contract, from, to: told })
  const kinds = Map.groupBy(shown.refusals, ({ purpose, resource, reason, field }) =>
    [purpose, resource, reason, field].join('|'),
  )
  const rows = [...kinds.values()].flatMap((group) => rowOf(group, shown))
  return {
    format: 'varco/friction',
    ...{ contract, from, to },
    minGroup: MIN_GROUP,
    rows: rows.toSorted((a, b) => (b.refusals ?? 0) - (a.refusals ?? 0)),
  }
}

function rowOf(group: readonly RefusalFigure[], shown: ShownMonths): readonly FrictionRow[] {
  const [first] = group
  if (first === undefined) return []
  const { purpose, resource, reason, field } = first
  const refusals = sumShown(group.map((figure) => shown.of(figure.month).refusals(figure)))
  const [held, told] = [true, false].map((isHeld) =>
    group.filter((figure) => tellsWhoseGrants(figure) === isHeld),
  )
  const among = refusals === null || told === undefined || told.length === 0 ? null : told
  const granted = among === null ? null : total(among, 'granted')
  return [
    {
      ...{ purpose, resource, reason, field, refusals, granted },
      grantedOf: among === null ? null : total(among, 'refusals'),
      grantsHeldBack: refusals === null ? [] : (held ?? []).map(({ month }) => month),
      minutesToGrant:
        among === null || granted === null || granted === 0
          ? null
          : Math.round(total(among, 'minutes') / granted),
    },
  ]
}

/** Of a month by itself, as of refusals: the others tell nothing of it. */
function tellsWhoseGrants({ refusals, granted, grantedWorkers }: RefusalFigure): boolean {
  const without = refusals - granted
  return (granted > 0 && grantedWorkers < MIN_GROUP) || (granted > 0 && without > 0 && without < MIN_GROUP)
}

function total(group: readonly RefusalFigure[], of: 'refusals' | 'granted' | 'minutes'): number {
  return group.reduce((sum, figure) => sum + figure[of], 0)
}
