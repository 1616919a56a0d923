import type { EventId } from '@varco/core'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { recordRefusal } from './record.ts'

/**
 * A request that a fault ended has its event too, of the fault's code and nothing else, once it is known whose it was.
 * One that has its event needs no other; where the log was the fault, it is not asked again. Never rejects: nothing is
 * shown of a fault, so nothing depends on it.
 */
export async function recordFault(visit: Visit, fault: Refusal): Promise<EventId | null> {
  if (visit.trail.recorded || visit.trail.attribution.operator === null) return null
  const entry = await recordRefusal(visit, fault).catch(() => null)
  return entry?.id ?? null
}
