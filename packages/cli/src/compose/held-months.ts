import type { AccessLogReader, EventQuery } from '@varco/access-log'
import type { DataSubjectRef, Micros } from '@varco/core'
import type { HoldScope, RetentionStore } from '@varco/retention'

/**
 * Whether some hold in force touches what the log says of the time before a moment: an access that showed a held record, or a
 * held data subject's, is evidence of the case the hold was placed for.
 */
export function heldMonths(
  reader: Pick<AccessLogReader, 'search'>,
  holds: Pick<RetentionStore, 'holds'>,
): (before: Micros) => Promise<boolean> {
  return async (before) => {
    for (const { scope } of await holds.holds()) {
      const { events } = await reader.search({ ...touching(scope), to: before, limit: 1 })
      if (events.length > 0) return true
    }
    return false
  }
}

/** Whether some hold in force covers a data subject, or any record of theirs that the log says was shown. */
export async function isDataSubjectHeld(
  reader: Pick<AccessLogReader, 'search'>,
  holds: Pick<RetentionStore, 'holds'>,
  dataSubject: DataSubjectRef,
): Promise<boolean> {
  for (const { scope } of await holds.holds()) {
    if (scope.kind === 'data-subject') {
      if (scope.dataSubject.kind === dataSubject.kind && scope.dataSubject.id === dataSubject.id) return true
      continue
    }
    const { events } = await reader.search({ ...touching(scope), dataSubject, limit: 1 })
    if (events.length > 0) return true
  }
  return false
}

function touching(scope: HoldScope): Partial<EventQuery> {
  switch (scope.kind) {
    case 'data-subject':
      return { dataSubject: scope.dataSubject }
    case 'record':
      return { record: { resource: scope.resource, key: scope.record } }
    case 'resource':
      return { resource: scope.resource }
  }
}
