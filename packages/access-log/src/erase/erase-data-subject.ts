import type { DataSubjectRef } from '@varco/core'
import { actDraft } from '../act-draft.ts'
import type { EventDraft } from '../event.ts'
import { subjectLookup, type LookupSubject, type SubjectLookup } from '../keys/subject-lookup.ts'
import type { HeldRows, LogReadStore } from '../store/log-read-store.ts'
import type { MindedHolds } from '../store/log-store.ts'
import { sideRowHash } from '../store/side-row.ts'
import { eventId } from '../stored-event.ts'
import { commitOnce, type TreeAccess } from '../writer/append-once.ts'
import { erasedRowsJson } from './erasure-detail.ts'

export interface ErasureOptions extends TreeAccess {
  readonly reading: Pick<LogReadStore, 'erasable' | 'accessesOf'>
  readonly dataSubject: DataSubjectRef
  readonly requestId: string
  /** Who decided it, as the log names people, and why; no personal data. */
  readonly operator: EventDraft['operator']
  /** The second person. */
  readonly approver: string
  readonly reason: string
  /** The holds in force, none of which covers the data subject. */
  readonly minded: MindedHolds
  /** What they cover of others. */
  readonly held: readonly HeldEvidence[]
}

/** What a legal hold covers, as far as an event's side rows show it. */
export type HeldEvidence =
  | { readonly kind: 'data-subject'; readonly dataSubject: DataSubjectRef }
  | { readonly kind: 'record'; readonly resource: string; readonly record: string }
  | { readonly kind: 'resource'; readonly resource: string }

export interface Erasure {
  /** Side rows that were removed. */
  readonly rows: number
  /** Events of kind `disclosures-erased` that account for them. */
  readonly events: readonly string[]
  /** How many events still show the data subject, because they show what a hold covers as well. */
  readonly putOff: number
}

/** Side rows to one transaction and one event. */
const ROWS_AT_ONCE = 500

/**
 * Makes the log forget whose records its events showed: removes every side row of the data subject, together with the
 * salts of the filters used, and in the same transaction appends an event that accounts for the missing positions by
 * their commitments, which without the salts say nothing. What remains still verifies. Stopped half way, it is finished
 * by running it again. An event that shows what a hold covers stays as it is, for its salt is evidence of that too: run again
 * when the hold is released, it goes.
 * @throws HoldPlacedError when another hold was placed: what went before it is gone, and accounted for
 * @throws UnavailableError when the store cannot be reached
 */
export async function eraseDataSubject(options: ErasureOptions): Promise<Erasure> {
  const { reading, dataSubject, requestId, operator, approver, reason, minded, held, ...access } = options
  const lookup = subjectLookup(access.keys.lookup)
  const subject = lookup(dataSubject)
  const heldRows = rowsOf(held, lookup)
  const events: string[] = []
  let rows = 0
  for (;;) {
    const found = await reading.erasable(subject, ROWS_AT_ONCE, heldRows)
    if (found.length === 0) return { rows, events, putOff: await eventsOf(reading, subject) }
    const erased = found.map((row) => ({
      writer: row.writer,
      epoch: row.epoch,
      seq: row.seq,
      position: row.position,
      commitment: sideRowHash(row),
    }))
    const draft = actDraft('disclosures-erased', {
      requestId,
      operator,
      detail: { erased: erasedRowsJson(erased), reason, approver },
    })
    const { batch } = await commitOnce(access, () => draft, { erase: found, minded })
    events.push(eventId(batch.writer, batch.epoch, batch.head.size - 1))
    rows += found.length
  }
}

function rowsOf(held: readonly HeldEvidence[], lookup: LookupSubject): HeldRows {
  return {
    subjects: held.flatMap((one) => (one.kind === 'data-subject' ? [lookup(one.dataSubject)] : [])),
    records: held.flatMap((one) =>
      one.kind === 'record' ? [{ resource: one.resource, key: one.record }] : [],
    ),
    resources: held.flatMap((one) => (one.kind === 'resource' ? [one.resource] : [])),
  }
}

async function eventsOf(reading: Pick<LogReadStore, 'accessesOf'>, subject: SubjectLookup): Promise<number> {
  let count = 0
  for await (const _ of reading.accessesOf(subject)) count++
  return count
}
