import type { Bundle } from '@varco/policy'
import { MIN_GROUP } from '../drift/held-by-month.ts'
import type { OversightFigures, RefusalFigure } from '../watch/work-figures.ts'

/** Where work of a contract meets a refusal, and how often a grant lets it go on. */
export interface Friction {
  readonly format: 'varco/friction'
  readonly contract: string | null
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
  /** `null` where fewer than five people are behind it. */
  readonly refusals: number | null
  /** How many were followed by an access under a grant within a day; `null` where held back. */
  readonly granted: number | null
  /** Minutes from the refusal to the unit's decision, in the mean; `null` where there was none, or held back. */
  readonly minutesToGrant: number | null
}

export interface FrictionRequest {
  readonly contract: string | null
  /** Months, both included. */
  readonly from: string
  readonly to: string
}

/** @returns `null` for a contract that the bundle does not know */
export async function friction(
  { figures, bundle }: { readonly figures: OversightFigures; readonly bundle: Bundle },
  { contract, from, to }: FrictionRequest,
): Promise<Friction | null> {
  if (contract !== null && !bundle.contracts.has(contract as never)) return null
  const refusals = await figures.refusals(contract, from, to)
  const groups = Map.groupBy(refusals, ({ purpose, resource, reason, field }) =>
    [purpose, resource, reason, field].join('|'),
  )
  const rows = [...groups.values()].flatMap((group) => rowOf(group))
  return {
    format: 'varco/friction',
    ...{ contract, from, to },
    minGroup: MIN_GROUP,
    rows: rows.toSorted((a, b) => (b.refusals ?? 0) - (a.refusals ?? 0)),
  }
}

function rowOf(group: readonly RefusalFigure[]): readonly FrictionRow[] {
  const [first] = group
  if (first === undefined) return []
  const { purpose, resource, reason, field } = first
  const total = (of: 'refusals' | 'granted' | 'minutes'): number =>
    group.reduce((sum, figure) => sum + figure[of], 0)
  const isFew = Math.max(...group.map(({ workers }) => workers)) < MIN_GROUP
  const granted = total('granted')
  return [
    {
      ...{ purpose, resource, reason, field },
      refusals: isFew ? null : total('refusals'),
      granted: isFew ? null : granted,
      minutesToGrant: isFew || granted === 0 ? null : Math.round(total('minutes') / granted),
    },
  ]
}
