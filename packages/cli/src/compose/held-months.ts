import type { AccessLogReader, EventQuery, HeldEvidence, MindedHolds, UnlessHeld } from '@varco/access-log'
import type { DataSubjectRef, Micros } from '@varco/core'
import type { Hold, HoldScope, RetentionStore } from '@varco/retention'

/**
 * Does the work unless some hold in force touches what the log says of the time before a moment: an access that showed a held record, or a
 * held data subject's, is evidence of the case the hold was placed for. Who places a hold meanwhile waits until it is done.
 */
export function unlessMonthsHeld(
  reader: Pick<AccessLogReader, 'search'>,
  store: Pick<RetentionStore, 'whileHoldsStand'>,
): UnlessHeld {
  return (before, work) =>
    store.whileHoldsStand(async (holds) => {
      if (await areMonthsHeld(reader, holds, before)) return false
      await work?.(holds.map(({ id }) => id))
      return true
    })
}

async function areMonthsHeld(
  reader: Pick<AccessLogReader, 'search'>,
  holds: readonly Hold[],
  before: Micros,
): Promise<boolean> {
  for (const { scope } of holds) {
    const { events } = await reader.search({ ...touching(scope), to: before, limit: 1 })
    if (events.length > 0) return true
  }
  return false
}

/**
 * Does the work unless some hold in force covers a data subject, or any record of theirs that the log says was shown; `null` when
 * one does. Who places a hold meanwhile waits until it is done. The work is told what else is held.
 */
export async function unlessDataSubjectHeld<T>(
  reader: Pick<AccessLogReader, 'search'>,
  store: Pick<RetentionStore, 'whileHoldsStand'>,
  dataSubject: DataSubjectRef,
  work: (minded: MindedHolds, held: readonly HeldEvidence[]) => Promise<T>,
): Promise<T | null> {
  return store.whileHoldsStand(async (holds) => {
    if (await isDataSubjectHeld(reader, holds, dataSubject)) return null
    const ids = holds.map(({ id }) => id)
    return work(
      ids,
      holds.flatMap(({ scope }) => evidenceOf(scope)),
    )
  })
}

async function isDataSubjectHeld(
  reader: Pick<AccessLogReader, 'search'>,
  holds: readonly Hold[],
  dataSubject: DataSubjectRef,
): Promise<boolean> {
  for (const { scope } of holds) {
    if (scope.kind === 'data-subject') {
      if (scope.dataSubject.kind === dataSubject.kind && scope.dataSubject.id === dataSubject.id) return true
      continue
    }
    const { events } = await reader.search({ ...touching(scope), dataSubject, limit: 1 })
    if (events.length > 0) return true
  }
  return false
}

/** What others' erasures must spare. One that touches a held contract is refused as a whole. */
function evidenceOf(scope: HoldScope): readonly HeldEvidence[] {
  switch (scope.kind) {
    case 'data-subject':
    case 'record':
    case 'resource':
      return [scope]
    case 'query':
      return [{ kind: 'resource', resource: scope.resource }]
    case 'contract':
      return []
  }
}

function touching(scope: HoldScope): Partial<EventQuery> {
  switch (scope.kind) {
    case 'data-subject':
      return { dataSubject: scope.dataSubject }
    case 'record':
      return { record: { resource: scope.resource, key: scope.record } }
    case 'resource':
    // Which of its records the condition is true of the log does not know.
    case 'query':
      return { resource: scope.resource }
    case 'contract':
      return { contract: scope.contract }
  }
}
