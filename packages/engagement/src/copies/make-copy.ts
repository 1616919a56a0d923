import type { EventId, Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { addPeriod } from '../life/add-period.ts'
import type { Copy } from './copies-ledger.ts'

/** Where the bundle says nothing. */
const KEPT = 'P30D'

/** The entry of a copy that is about to leave: named after the event that recorded it, to be destroyed in time. */
export function makeCopy(
  bundle: Bundle,
  now: Micros,
  event: EventId,
  of: Pick<Copy, 'kind' | 'contract' | 'processor' | 'owner' | 'purpose' | 'records'>,
): Copy {
  const { copies, time_zone: timeZone } = bundle.document.varco
  const expiresAt = addPeriod(now, copies?.keep ?? KEPT, timeZone)
  return { ...of, id: event, event, madeAt: now, expiresAt, settled: null }
}
