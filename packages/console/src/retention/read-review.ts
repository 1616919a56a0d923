import type { Micros } from '@varco/core'
import * as z from 'zod'
import type { SentForm } from '../act/confirmed.ts'
import { startOfDay } from '../log/log-filters.ts'
import type { Visit } from '../visit/visit.ts'
import { isReason } from './is-reason.ts'

export type ReviewProblem = 'until' | 'reason'

/** Until when a hold is kept on, and why. */
export interface WantedReview {
  readonly day: string
  readonly until: Micros
  readonly reason: string
}

/** Reads the form of a review; what is wrong with it, where something is. */
export function readReview(
  { bundle, now }: Pick<Visit, 'bundle' | 'now'>,
  form: SentForm,
): WantedReview | readonly ReviewProblem[] {
  const day = (form['until'] ?? '').trim()
  const reason = (form['reason'] ?? '').trim()
  const until = z.iso.date().safeParse(day).success
    ? startOfDay(day, bundle.document.varco.time_zone, 0)
    : null
  const problems: readonly ReviewProblem[] = [
    ...(until === null || until <= now ? (['until'] as const) : []),
    ...(isReason(reason) ? [] : (['reason'] as const)),
  ]
  return until === null || problems.length > 0 ? problems : { day, until, reason }
}
