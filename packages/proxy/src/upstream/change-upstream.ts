import { isDeepStrictEqual } from 'node:util'
import type { Appended } from '@varco/access-log'
import { UnavailableError, type FieldName } from '@varco/core'
import type { FetchedRecord, NewValue, UpstreamRoute } from '@varco/policy'
import { readObject, type SentBody } from '../body/read-object.ts'
import type { LosslessJson } from '../body/lossless-json.ts'
import { commonHeaders } from '../answer/common-headers.ts'
import type { RestrictedRecords } from '../dependencies.ts'
import { turnAway } from '../pipeline.ts'
import { problemResponse } from '../problems/problem-response.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { decideChange, isWritable, NOTHING, type Updating } from '../steps/decide-update.ts'
import type { Established } from '../steps/establish-context.ts'
import { foundAlone } from '../steps/fetch.ts'
import { disclosureOf, mask } from '../steps/mask.ts'
import { fieldNotAvailable, type Reading } from '../steps/plan-reading.ts'
import { recordObjection, recordRefusalOf } from '../steps/record.ts'
import { recordIntention, recordOutcome, spendingsOf, findingsOf } from '../steps/record-update.ts'
import { maskedHeader } from '../steps/reveal.ts'
import { spendBudgets } from '../steps/spend-budgets.ts'
import type { Visit } from '../visit.ts'
import { answerBatches } from './answer-batches.ts'
import { pathOf, type MatchedRoute } from './match-route.ts'
import { callUpstream, faultAsRefusal } from './read-upstream.ts'
import { readRequest } from './read-request.ts'
import { ANSWER_FORMAT, isWithinReach, underKeys, type UpstreamReading } from './show-batch.ts'
import type { UpstreamAnswer, UpstreamCall, UpstreamPools } from './upstream-pools.ts'
import { changedKeys, wholeRecord, type Members } from './whole-record.ts'

type ChangeRoute = Extract<UpstreamRoute, { kind: 'change' }>

/** A record as the upstream gave it, before anything is decided of it. */
interface Given {
  readonly record: FetchedRecord
  /** Its JSON text. */
  readonly source: string
  /** The upstream's strong entity tag of it. */
  readonly etag: string | null
}

/**
 * One change through an upstream: the record is read first, and decided; what is to be changed is recorded; only then
 * is it sent. Between reading and sending the upstream may change it on another way: no lock can be had there, but an
 * entity tag that it gave is sent back to it.
 */
export async function changeUpstream(
  visit: Visit,
  context: Established,
  matched: MatchedRoute<ChangeRoute>,
  sent: SentBody,
  pools: UpstreamPools,
): Promise<Response> {
  const { change: mapping, method } = matched.route
  visit.trail.action = 'update'
  visit.trail.resource = mapping.resource
  const members = await readObject(sent)
  if (isRefusal(members)) return turnAway(visit, members)
  const request = readRequest(matched, visit.query)
  if (isRefusal(request)) return turnAway(visit, request)
  const fields = underFields(members, mapping.keys)
  if (fields === null) return turnAway(visit, fieldNotAvailable())
  const decided = decideChange(visit, context, ANSWER_FORMAT, {
    ...{ resource: mapping.resource, query: request.query, body: fields, whole: method === 'PUT' },
    preferences: { representation: true, count: false, maxAffected: null },
  })
  if (isRefusal(decided)) return turnAway(visit, decided)
  const reading = underKeys(decided.reading, mapping)
  const target: UpstreamReading = { mapping, reading, compared: matched.values.map(([field]) => field) }
  const path = pathOf(matched.route.record, matched.values)
  const call = { method: 'GET', path, uncompressed: true } as const
  const before = await readOne(await callUpstream(matched, pools, call), target)
  if (isRefusal(before)) return turnAway(visit, before)
  const restricted = await visit.gate.restricted()
  if (!isTheOne(target, matched, before.record, restricted)) return turnAway(visit, notThere())
  const asked = { ...decided, reading }
  const told = findingsOf(visit, asked, [before.record])
  const updating = method === 'PUT' ? onlyChanges(visit, asked, target, members, before.record) : asked
  // That it cannot be changed so tells that it is there, and what of it is as sent.
  if (isRefusal(updating)) return turnAway(visit, await recordObjection(visit, told, updating))
  if (!isWritable(updating, before.record)) return turnAway(visit, notThere())
  const over = await spendBudgets(visit, spendingsOf(updating, told))
  if (over !== null) return turnAway(visit, await recordRefusalOf(visit, told, over))
  const changed = changeOf(updating.update.values, members, mapping.keys)
  const body = method === 'PUT' ? wholeRecord(before.source, changed) : wholeRecord('{}', changed)
  if (body === null) return turnAway(visit, refusal('upstream-failed'))
  const intention = await recordIntention(visit, updating, [before.record])
  const { etag } = before
  const change = { method, path: matched.path, body }
  // A tag is of what stands at one address; elsewhere it would say nothing.
  const guarded = etag !== null && path === matched.path ? { ...change, ifMatch: etag } : change
  const isTheSame = (after: FetchedRecord): boolean =>
    isTheOne(target, matched, after, restricted) && isOneRecord(target.reading, before.record, after)
  return settle(visit, updating, { intention, target, isTheSame }, await sendChange(matched, pools, guarded))
}

/** The body by the names of fields; `null` when a key is none of the mapping's. */
function underFields(
  members: ReadonlyMap<string, LosslessJson>,
  keys: ReadonlyMap<string, FieldName>,
): ReadonlyMap<string, LosslessJson> | null {
  const fields = new Map<string, LosslessJson>()
  for (const [key, value] of members) {
    const field = keys.get(key)
    if (field === undefined) return null
    fields.set(field, value)
  }
  return fields
}

/** What is to be sent, from what was decided: a name given twice, or whatever else could be read in two ways, does not pass. */
function changeOf(
  values: ReadonlyMap<FieldName, NewValue>,
  members: Members,
  keys: ReadonlyMap<string, FieldName>,
): Members {
  const own = [...keys].flatMap(([key, field]): (readonly [string, LosslessJson])[] => {
    const value = members.get(key)
    return values.has(field) && value !== undefined ? [[key, value]] : []
  })
  return new Map(own)
}

/** Of a whole record that was sent, what differs from what this caller is shown: that alone is decided, recorded and sent. */
function onlyChanges(
  visit: Visit,
  updating: Updating,
  { reading, mapping }: UpstreamReading,
  members: Members,
  before: FetchedRecord,
): Updating | Refusal {
  const shown = mask(visit, reading, foundAlone([before]), ANSWER_FORMAT)
  const changed = changedKeys(members, shown.records[0] ?? '{}', reading.resource, mapping.keys)
  const fields = new Set(changed.flatMap((key) => mapping.keys.get(key) ?? []))
  const { permit, update } = updating
  const { values } = update
  const others = [...fields].filter((field) => !values.has(field))
  if (others.length > 0) {
    const areWritable = others.every((field) => permit.fields.get(field)?.best === 'plain')
    return refusal(areWritable ? 'invalid-value' : 'field-not-writable')
  }
  if (fields.size === 0) return refusal('invalid-query', { hint: NOTHING })
  const kept = new Map([...values].filter(([field]) => fields.has(field)))
  return { ...updating, update: { ...update, values: kept } }
}

async function readOne(answer: UpstreamAnswer | Refusal, target: UpstreamReading): Promise<Given | Refusal> {
  if (isRefusal(answer)) return answer
  const { etag } = answer
  const { mapping, reading } = target
  const batches = answerBatches(answer, [{ mapping, resource: reading.resource }])
  try {
    const found: Given[] = []
    for await (const { parts } of batches) {
      for (const part of parts)
        if (part.kind === 'record' && !part.listed)
          found.push({ record: part.record, source: part.source, etag })
    }
    return found[0] ?? refusal('upstream-failed')
  } catch (error) {
    return faultAsRefusal(error)
  }
}

/** Whether it is the record that was asked for, and the caller's business. */
function isTheOne(
  target: UpstreamReading,
  { values }: MatchedRoute,
  record: FetchedRecord,
  restricted: RestrictedRecords,
): boolean {
  return (
    values.every(([field, value]) => String(record[field]) === value) &&
    isWithinReach(target, record, restricted)
  )
}

/** What was counted and recorded is one record of one person: of another nothing may be shown. */
function isOneRecord({ resource }: Reading, before: FetchedRecord, after: FetchedRecord): boolean {
  return isDeepStrictEqual(disclosureOf(resource, before), disclosureOf(resource, after))
}

/** In the words of a record that does not exist. */
function notThere(): Refusal {
  return { ...refusal('not-found'), unspoken: ['condition-not-met'] }
}

type Sent = UpstreamAnswer | 'changed-meanwhile' | 'not-written' | 'unknown'

/** `not-written`: it says that it did not; `unknown`: nobody can say. */
async function sendChange(
  { upstream }: MatchedRoute,
  pools: UpstreamPools,
  call: UpstreamCall,
): Promise<Sent> {
  try {
    const answer = await pools.call(upstream, call)
    if (answer.status >= 200 && answer.status < 300) return answer
    answer.discard()
    if (answer.status === 412) return 'changed-meanwhile'
    return answer.status >= 400 && answer.status < 500 ? 'not-written' : 'unknown'
  } catch {
    return 'unknown'
  }
}

/** What must be at hand before a change is sent: once it is made, nothing but the log may keep its outcome from being told. */
interface Underway {
  readonly intention: Appended
  readonly target: UpstreamReading
  /** Whether a record that the upstream answers with is the one that was changed, and still the caller's business. */
  readonly isTheSame: (after: FetchedRecord) => boolean
}

async function settle(
  visit: Visit,
  updating: Updating,
  { intention, target, isTheSame }: Underway,
  answer: Sent,
): Promise<Response> {
  try {
    if (typeof answer === 'string') {
      const stage = answer === 'unknown' ? 'unknown' : 'not-done'
      const { id } = await recordOutcome(visit, updating, intention, stage, null)
      const code = answer === 'unknown' ? 'outcome-unknown' : answer
      return problemResponse(refusal(code), { ...visit, event: id })
    }
    const after = await readOne(answer, target)
    const visible = isRefusal(after) || !isTheSame(after.record) ? [] : [after.record]
    const shown = mask(visit, target.reading, foundAlone(visible), ANSWER_FORMAT)
    const [record] = shown.records
    const { id } = await recordOutcome(
      visit,
      updating,
      intention,
      'done',
      record === undefined ? null : shown,
    )
    const headers = { ...commonHeaders(visit.requestId), 'varco-event': id }
    if (record === undefined) return new Response(null, { status: 204, headers })
    return new Response(record, {
      headers: { ...headers, 'content-type': ANSWER_FORMAT.contentType, 'varco-masked': maskedHeader(shown) },
    })
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    return problemResponse(refusal('outcome-unknown'), { ...visit, event: intention.id })
  }
}
