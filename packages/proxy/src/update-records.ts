import type { Appended } from '@varco/access-log'
import { InvariantError, UnavailableError, type ResourceName } from '@varco/core'
import type { FetchedRecord, RecordWriter } from '@varco/policy'
import { entityTag } from './answer/entity-tag.ts'
import { besideCandidate } from './ask-candidate.ts'
import { negotiateFormat, type AnswerFormat } from './answer/negotiate-format.ts'
import { readObject, type SentBody } from './body/read-object.ts'
import { turnAway, turnAwayStranger } from './pipeline.ts'
import { problemResponse } from './problems/problem-response.ts'
import { refusal, unavailable } from './problems/problems.ts'
import { isRefusal, type Refusal } from './refusal.ts'
import { authenticate } from './steps/authenticate.ts'
import { spendRecords } from './steps/budget-left.ts'
import { decideUpdate, type Updating } from './steps/decide-update.ts'
import { establishContext } from './steps/establish-context.ts'
import { mask, type Shown } from './steps/mask.ts'
import { disclosuresOf, recordIntention, recordOutcome } from './steps/record-update.ts'
import { revealUpdate } from './steps/reveal-update.ts'
import { spendDataSubjects } from './steps/spend-data-subjects.ts'
import type { Visit } from './visit.ts'

/**
 * The way of one update: authenticate, establish context, decide, then lock the records, record what is about to be
 * changed, change it, record what came of it, reveal. Records and log may be two databases, so there is no one
 * transaction: whatever stops it half way, "recorded but not done" may be left behind, "done but not recorded" never.
 * @throws UnavailableError when the log, or what must be known, cannot be reached: nothing was changed
 */
export function updateRecords(visit: Visit, body: SentBody, writer: RecordWriter): Promise<Response> {
  return besideCandidate(visit, () => passThrough(visit, body, writer))
}

async function passThrough(visit: Visit, body: SentBody, writer: RecordWriter): Promise<Response> {
  visit.trail.action = 'update'
  visit.trail.resource = visit.bundle.resources.get(visit.resource as ResourceName)?.name ?? null
  const identity = await authenticate(visit)
  if (isRefusal(identity)) return turnAwayStranger(visit, identity)
  const context = await establishContext(visit, identity)
  if (isRefusal(context)) return turnAway(visit, context)
  const format = negotiateFormat(visit.header('accept'))
  if (format === null || format.kind !== 'json') return turnAway(visit, refusal('not-acceptable'))
  const values = await readObject(body)
  if (isRefusal(values)) return turnAway(visit, values)
  const updating = decideUpdate(visit, context, format, values)
  if (isRefusal(updating)) return turnAway(visit, updating)
  return change(visit, updating, format, writer)
}

async function change(
  visit: Visit,
  updating: Updating,
  format: AnswerFormat,
  writer: RecordWriter,
): Promise<Response> {
  let stopped: Refusal | null = null
  let intention: Appended | null = null
  try {
    const outcome = await writer.update(updating.update, async (before) => {
      stopped =
        objection(visit, updating, format, before) ??
        (await spend(visit, updating, before.length)) ??
        (await spendDataSubjects(visit, disclosuresOf(updating.update, before)))
      if (stopped !== null) return false
      if (before.length > 0) intention = await recordIntention(visit, updating, before)
      return true
    })
    switch (outcome.kind) {
      case 'withheld':
        return await turnAway(visit, stopped ?? unavailable())
      case 'rejected':
        return await refuseChange(visit, updating, intention)
      case 'unknown':
        return await leaveOpen(visit, updating, intention)
      case 'done':
        return await tell(visit, updating, format, intention, outcome.after)
    }
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    // Should this not be recorded either, the intention stands alone: recorded, not done.
    if (intention !== null) await recordOutcome(visit, updating, intention, 'not-done', null).catch(() => {})
    throw error
  }
}

/** What still stands against the change, now that the records are known and nobody else can change them. */
function objection(
  visit: Visit,
  updating: Updating,
  format: AnswerFormat,
  before: readonly FetchedRecord[],
): Refusal | null {
  const { update, permit, most } = updating
  for (const record of before) {
    const outcomes = permit.outcomesOf(record)
    if (![...update.values.keys()].every((field) => outcomes?.get(field)?.outcome === 'plain'))
      throw new InvariantError('the row filter let through what the decision does not')
  }
  // How many there are, or that they changed, tells something of them: whose they were is recorded.
  const disclosures = disclosuresOf(update, before)
  if (before.length > most) return refusal('PGRST124', { disclosures })
  if (format.single && before.length !== 1) {
    const found = before.length === 0 ? '0' : 'more than 1'
    return refusal('PGRST116', { details: `The result contains ${found} rows`, disclosures })
  }
  const expected = visit.header('if-match')
  if (expected !== undefined && !isAsShown(visit, updating, format, before, expected))
    return refusal('changed-meanwhile', { disclosures })
  return null
}

/** The records count once for what is changed and, where they come back, once for what is shown. */
function spend(
  visit: Visit,
  { update, permit, reading, preferences }: Updating,
  count: number,
): Promise<Refusal | null> {
  const permits = preferences.representation ? [permit, reading.permit] : [permit]
  return spendRecords(
    visit,
    permits.map((each) => ({ resource: update.resource, permit: each, count })),
  )
}

/** RFC 9110, If-Match: strong comparison with the one record as this caller would be shown it. */
function isAsShown(
  visit: Visit,
  updating: Updating,
  format: AnswerFormat,
  before: readonly FetchedRecord[],
  expected: string,
): boolean {
  if (expected.trim() === '*') return before.length > 0
  const shown = shownOf(visit, updating, { ...format, single: false }, before)
  const [record, ...others] = shown.records
  if (record === undefined || others.length > 0) return false
  const tag = entityTag(visit.gate.maskKeys, updating.update.resource.name, record)
  return expected.split(',').some((each) => each.trim() === tag)
}

async function tell(
  visit: Visit,
  updating: Updating,
  format: AnswerFormat,
  intention: Appended | null,
  after: readonly FetchedRecord[],
): Promise<Response> {
  const shown = updating.preferences.representation
    ? shownOf(visit, updating, { ...format, single: false }, after)
    : null
  try {
    const entry = await recordOutcome(visit, updating, intention, 'done', shown)
    return revealUpdate(visit, updating, shown, format, after.length, entry)
  } catch (error) {
    if (!(error instanceof UnavailableError) || intention === null) throw error
    return problemResponse(refusal('outcome-unknown'), { ...visit, event: intention.id })
  }
}

async function refuseChange(visit: Visit, updating: Updating, intention: Appended | null): Promise<Response> {
  const { id } = await recordOutcome(visit, updating, intention, 'not-done', null)
  return problemResponse(refusal('not-written'), { ...visit, event: id })
}

async function leaveOpen(visit: Visit, updating: Updating, intention: Appended | null): Promise<Response> {
  const entry = await recordOutcome(visit, updating, intention, 'unknown', null).catch(() => intention)
  return problemResponse(refusal('outcome-unknown'), { ...visit, event: entry?.id ?? null })
}

/** The records as the caller may read them; one that the change has taken out of their sight is left out. */
function shownOf(
  visit: Visit,
  { reading }: Updating,
  format: AnswerFormat,
  records: readonly FetchedRecord[],
): Shown {
  const visible = records.filter((record) => reading.permit.outcomesOf(record) !== null)
  const shown = mask(visit, reading, { records: visible, total: null, embedded: [] }, format)
  if (isRefusal(shown)) throw new InvariantError('an array of records was refused')
  return shown
}
