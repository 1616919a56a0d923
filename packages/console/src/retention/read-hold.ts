import { asId, type Micros, type ResourceName } from '@varco/core'
import type { HoldScope } from '@varco/retention'
import * as z from 'zod'
import type { SentForm } from '../act/confirmed.ts'
import { startOfDay } from '../log/log-filters.ts'
import type { Visit } from '../visit/visit.ts'
import { isReason } from './is-reason.ts'
import { readNamed } from './read-named.ts'

export type HoldProblem = 'scope' | 'of' | 'key' | 'case' | 'reason' | 'review'

/** The hold a form asks for. */
export interface WantedHold {
  readonly scope: HoldScope
  readonly case: string
  readonly reason: string
  readonly reviewAt: Micros | null
}

/** Reads the form of a hold; what is wrong with it, where something is. */
export function readHold(
  { bundle }: Pick<Visit, 'bundle'>,
  form: SentForm,
): WantedHold | readonly HoldProblem[] {
  const said = (name: string): string => (form[name] ?? '').trim()
  const scope = scopeOf(bundle, said('scope'), said('of'), said('key'))
  const review = said('review')
  const day = review === '' ? null : z.iso.date().safeParse(review)
  const problems: readonly HoldProblem[] = [
    ...(typeof scope === 'string' ? [scope] : []),
    ...(said('case') === '' || said('case').length > 100 ? (['case'] as const) : []),
    ...(isReason(said('reason')) ? [] : (['reason'] as const)),
    ...(day?.success === false ? (['review'] as const) : []),
  ]
  if (problems.length > 0 || typeof scope === 'string') return problems
  const reviewAt = review === '' ? null : startOfDay(review, bundle.document.varco.time_zone, 0)
  return { scope, case: said('case'), reason: said('reason'), reviewAt }
}

function scopeOf(bundle: Visit['bundle'], kind: string, of: string, key: string): HoldScope | HoldProblem {
  switch (kind) {
    case 'resource':
      return bundle.resources.has(asId<ResourceName>(of)) ? { kind, resource: of } : 'of'
    case 'record':
    case 'data-subject': {
      const named = readNamed(bundle, of, key)
      return typeof named === 'string' || named.kind === kind ? named : 'of'
    }
    default:
      return 'scope'
  }
}
