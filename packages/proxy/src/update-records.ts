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
import { decideUpdate, isWritable, type Updating } from './steps/decide-update.ts'
import { establishContext } from './steps/establish-context.ts'
import { foundAlone } from './steps/fetch.ts'
import { mask, type Shown } from './steps/mask.ts'
import { notOne } from './steps/objection.ts'
import { recordRefusalOf, type Findings } from './steps/record.ts'
import { recordIntention, recordOutcome, spendingsOf, findingsOf } from './steps/record-update.ts'
import { revealUpdate } from './steps/reveal-update.ts'
import { spendBudgets } from './steps/spend-budgets.ts'
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
  let told: Findings = findingsOf(visit, updating, [])
  let intention: Appended | null = null
  try {
    const outcome = await writer.update(updating.update, async (before) => {
      told = findingsOf(visit, updating, before)
      const objection = objectionTo(visit, updating, format, before)
      stopped = (await spendBudgets(visit, spendingsOf(updating, told))) ?? objection
      if (stopped !== null) return false
      if (before.length > 0) intention = await recordIntention(visit, updating, before)
      return true
    })
    switch (outcome.kind) {
      case 'withheld':
        return await turnAway(
          visit,
          stopped === null ? unavailable() : await recordRefusalOf(visit, told, stopped),
        )
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

/** What still stands against the change, now that the records are known and nobody else can change them: to say so tells of them. */
function objectionTo(
  visit: Visit,
  updating: Updating,
  format: AnswerFormat,
  before: readonly FetchedRecord[],
): Refusal | null {
  if (!before.every((record) => isWritable(updating, record)))
    throw new InvariantError('the row filter let through what the decision does not')
  if (before.length > updating.most) return refusal('PGRST124')
  const plurality = format.single ? notOne(before.length) : null
  if (plurality !== null) return plurality
  const expected = visit.header('if-match')
  return expected === undefined || isAsShown(visit, updating, format, before, expected)
    ? null
    : refusal('changed-meanwhile')
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
  const shown = shownOf(visit, updating, format, before)
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
  const shown = updating.preferences.representation ? shownOf(visit, updating, format, after) : null
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
  return mask(visit, reading, foundAlone(visible), format)
}
