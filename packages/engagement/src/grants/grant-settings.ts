import type { Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { addPeriod } from '../life/add-period.ts'

/** What the bundle says of grants; `null` where it says nothing, and none can be given. */
export type GrantSettings = NonNullable<Bundle['document']['varco']['grants']>

export function grantSettings(bundle: Bundle): GrantSettings | null {
  return bundle.document.varco.grants ?? null
}

/** By when an emergency grant used from `now` on must have been reviewed: whole days of the bundle's calendar. */
export function reviewDue(bundle: Bundle, within: string, now: Micros): Micros {
  return addPeriod(now, within, bundle.document.varco.time_zone)
}
