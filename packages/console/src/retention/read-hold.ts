import type { ResourceName, Micros } from '@varco/core'
import type { HoldScope } from '@varco/retention'
import * as z from 'zod'
import type { SentForm } from '../act/confirmed.ts'
import { startOfDay } from '../log/log-filters.ts'
import type { Visit } from '../visit/visit.ts'

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
    ...(said('reason').length < 10 || said('reason').length > 2_000 ? (['reason'] as const) : []),
    ...(day?.success === false ? (['review'] as const) : []),
  ]
  if (problems.length > 0 || typeof scope === 'string') return problems
  const reviewAt = review === '' ? null : startOfDay(review, bundle.document.varco.time_zone, 0)
  return { scope, case: said('case'), reason: said('reason'), reviewAt }
}

function scopeOf(bundle: Visit['bundle'], kind: string, of: string, key: string): HoldScope | HoldProblem {
  const isSubject = of.startsWith('subject:')
  const known = isSubject
    ? Object.hasOwn(bundle.document.varco.data_subjects, of.slice(8))
    : bundle.resources.has(of as ResourceName)
  switch (kind) {
    case 'resource':
      return known && !isSubject ? { kind, resource: of } : 'of'
    case 'record':
      if (!known || isSubject) return 'of'
      return key === '' || key.length > 256 ? 'key' : { kind, resource: of, record: key }
    case 'data-subject':
      if (!known || !isSubject) return 'of'
      return key === '' || key.length > 256 ? 'key' : { kind, dataSubject: { kind: of.slice(8), id: key } }
    default:
      return 'scope'
  }
}
