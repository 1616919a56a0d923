import type { RetentionDesk } from './desk.ts'
import { placeOf, type RecordPlace } from './plan.ts'
import { burialBy } from './plan-rules.ts'
import type { Disposed } from './records.ts'
import { takesAway, type DisposalRule } from './rules.ts'
import type { ClaimedPage, Settled } from './store.ts'
import { tombstonesOf } from './tombstones-of.ts'
import type { Cleared } from './upstream/clear-upstreams.ts'

type Desk = Pick<RetentionDesk, 'records' | 'hashKey' | 'clock'>

/** What is known of a rule's slices, whether or not the bundle still has the rule. */
export interface SlicedRule extends Pick<DisposalRule, 'id' | 'action'> {
  /** Its resource's name. */
  readonly resource: string
  /** `null`: the catalogue no longer says. */
  readonly place: RecordPlace | null
}

export function slicedRule({ id, action, resource }: DisposalRule): SlicedRule {
  return { id, action, resource: resource.name, place: placeOf(resource) }
}

/**
 * Settles what a process had begun when it ended: what is no longer there went, what is there is begun again; and asks what is
 * still to be asked of what went. Of a mask nobody can tell whether it was laid: it stays begun, and can be laid twice. So does
 * what was where there is no table any more.
 * @throws UnavailableError
 */
export async function recoverPage(desk: Desk, page: ClaimedPage, rule: SlicedRule): Promise<void> {
  const { begun, unasked } = page
  if (begun.length + unasked.length === 0 || !takesAway(rule.action) || rule.place === null) return
  const remaining = await desk.records.remaining(rule.place, [...begun, ...unasked])
  if (remaining === null) return
  const there = new Set(remaining)
  const disposed = { ...NOTHING, done: begun.filter((key) => !there.has(key)) }
  const foundAgain = unasked.filter((key) => there.has(key)).length
  await page.recover(settledSlice(desk, rule, { disposed, foundAgain, cleared: null }))
}

export const NOTHING: Disposed = {
  ...{ done: [], held: [], referenced: [], notDue: [], busy: [], gone: [], identifiable: [] },
}

/** What came of a slice. */
export interface SliceOutcome {
  readonly disposed: Disposed
  /** How many of those that went were there when asked for again; `null`: they are to be asked for after the commit. */
  readonly foundAgain: number | null
  /** How it stands with what hangs on its records upstream; `null`: nothing can, or it was not asked. */
  readonly cleared: Pick<Cleared, 'abandoned'> | null
}

/** A slice as it is written down, with a tombstone for each record that went. */
export function settledSlice(
  desk: Pick<Desk, 'hashKey' | 'clock'>,
  rule: SlicedRule,
  { disposed, foundAgain, cleared }: SliceOutcome,
): Settled {
  const isAbandoned = (key: string): boolean => cleared?.abandoned.has(key) === true
  return {
    ...disposed,
    referenced: disposed.referenced.filter((key) => !isAbandoned(key)),
    upstream: disposed.referenced.filter(isAbandoned),
    action: burialBy(rule),
    foundAgain,
    tombstones: tombstonesOf(desk, rule.resource, disposed.done),
    at: desk.clock.now(),
  }
}
