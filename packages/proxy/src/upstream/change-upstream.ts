import type { Appended } from '@varco/access-log'
import { UnavailableError, type FieldName } from '@varco/core'
import type { FetchedRecord, NewValue, UpstreamRoute } from '@varco/policy'
import { readObject, type SentBody } from '../body/read-object.ts'
import { stringifyLossless, type LosslessJson } from '../body/lossless-json.ts'
import { commonHeaders } from '../answer/common-headers.ts'
import { turnAway } from '../pipeline.ts'
import { problemResponse } from '../problems/problem-response.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { spendRecords } from '../steps/budget-left.ts'
import { spendDataSubjects } from '../steps/spend-data-subjects.ts'
import { decideChange, type Updating } from '../steps/decide-update.ts'
import type { Established } from '../steps/establish-context.ts'
import { disclosureOf, mask } from '../steps/mask.ts'
import { fieldNotAvailable } from '../steps/plan-reading.ts'
import { recordIntention, recordOutcome } from '../steps/record-update.ts'
import { maskedHeader } from '../steps/reveal.ts'
import type { Visit } from '../visit.ts'
import { answerBatches } from './answer-batches.ts'
import type { MatchedRoute } from './match-route.ts'
import { callUpstream, faultAsRefusal } from './read-upstream.ts'
import { readRequest } from './read-request.ts'
import { ANSWER_FORMAT, isWithinReach, underKeys, type UpstreamReading } from './show-batch.ts'
import type { UpstreamAnswer, UpstreamPools } from './upstream-pools.ts'

type ChangeRoute = Extract<UpstreamRoute, { kind: 'change' }>

/**
 * One change through an upstream: the record is read first, and decided; what is to be changed is recorded; only then
 * is it sent. Between reading and sending the upstream may change it on another way: no lock can be had there.
 */
export async function changeUpstream(
  visit: Visit,
  context: Established,
  matched: MatchedRoute<ChangeRoute>,
  sent: SentBody,
  pools: UpstreamPools,
): Promise<Response> {
  const { change: mapping } = matched.route
  visit.trail.action = 'update'
  visit.trail.resource = mapping.resource
  const members = await readObject(sent)
  if (isRefusal(members)) return turnAway(visit, members)
  const request = readRequest(matched, visit.query)
  if (isRefusal(request)) return turnAway(visit, request)
  const fields = underFields(members, mapping.keys)
  if (fields === null) return turnAway(visit, fieldNotAvailable())
  const decided = decideChange(visit, context, ANSWER_FORMAT, {
    ...{ resource: mapping.resource, query: request.query, body: fields },
    preferences: { representation: true, count: false, maxAffected: null },
  })
  if (isRefusal(decided)) return turnAway(visit, decided)
  const updating = { ...decided, reading: underKeys(decided.reading, mapping) }
  const compared = matched.values.map(([field]) => field)
  const target: UpstreamReading = { mapping, reading: updating.reading, compared }
  const before = await readOne(
    await callUpstream(matched, pools, { method: 'GET', path: matched.path }),
    target,
  )
  if (isRefusal(before)) return turnAway(visit, before)
  const objection =
    objectionTo(updating, target, matched, before) ??
    (await spendRecords(
      visit,
      [updating.permit, target.reading.permit].map((permit) => ({
        ...{ resource: updating.update.resource, permit, count: 1 },
      })),
    )) ??
    (await spendDataSubjects(visit, [disclosureOf(updating.update.resource, before)]))
  if (objection !== null) return turnAway(visit, objection)
  const intention = await recordIntention(visit, updating, [before])
  const body = bodyOf(updating.update.values, members, mapping.keys)
  return settle(visit, updating, intention, target, await sendChange(matched, pools, body))
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

/** Written anew from what was decided: a name given twice, or whatever else could be read in two ways, does not pass. */
function bodyOf(
  values: ReadonlyMap<FieldName, NewValue>,
  members: ReadonlyMap<string, LosslessJson>,
  keys: ReadonlyMap<string, FieldName>,
): string {
  const own = [...keys].flatMap(([key, field]) => {
    const value = members.get(key)
    return values.has(field) && value !== undefined
      ? [`${JSON.stringify(key)}:${stringifyLossless(value)}`]
      : []
  })
  return `{${own.join(',')}}`
}

async function readOne(
  answer: UpstreamAnswer | Refusal,
  target: UpstreamReading,
): Promise<FetchedRecord | Refusal> {
  if (isRefusal(answer)) return answer
  const { mapping, reading } = target
  const batches = answerBatches(answer, [{ mapping, resource: reading.resource }])
  try {
    const found: FetchedRecord[] = []
    for await (const { parts } of batches) {
      for (const part of parts) if (part.kind === 'record' && !part.listed) found.push(part.record)
    }
    return found[0] ?? refusal('upstream-failed')
  } catch (error) {
    return faultAsRefusal(error)
  }
}

/** What stands against it, in the words of a record that does not exist where it is none of the caller's business. */
function objectionTo(
  { permit, update }: Updating,
  target: UpstreamReading,
  { values }: MatchedRoute,
  before: FetchedRecord,
): Refusal | null {
  const outcomes = permit.outcomesOf(before)
  const isTheOne = values.every(([field, value]) => String(before[field]) === value)
  const isWritable = [...update.values.keys()].every((field) => outcomes?.get(field)?.outcome === 'plain')
  if (!isTheOne || !isWithinReach(target, before) || !isWritable)
    return { ...refusal('not-found'), unspoken: ['condition-not-met'] }
  return null
}

/** `refused`: it says that it did not; `unknown`: nobody can say. */
async function sendChange(
  { upstream, path }: MatchedRoute,
  pools: UpstreamPools,
  body: string,
): Promise<UpstreamAnswer | 'refused' | 'unknown'> {
  try {
    const answer = await pools.call(upstream, { method: 'PATCH', path, body })
    if (answer.status >= 200 && answer.status < 300) return answer
    answer.discard()
    return answer.status >= 400 && answer.status < 500 ? 'refused' : 'unknown'
  } catch {
    return 'unknown'
  }
}

async function settle(
  visit: Visit,
  updating: Updating,
  intention: Appended,
  target: UpstreamReading,
  answer: UpstreamAnswer | 'refused' | 'unknown',
): Promise<Response> {
  try {
    if (typeof answer === 'string') {
      const stage = answer === 'refused' ? 'not-done' : 'unknown'
      const { id } = await recordOutcome(visit, updating, intention, stage, null)
      const code = answer === 'refused' ? 'not-written' : 'outcome-unknown'
      return problemResponse(refusal(code), { ...visit, event: id })
    }
    const after = await readOne(answer, target)
    const visible = isRefusal(after) || !isWithinReach(target, after) ? [] : [after]
    const shown = mask(visit, target.reading, { records: visible, total: null, embedded: [] }, ANSWER_FORMAT)
    const [record] = isRefusal(shown) ? [] : shown.records
    const isShown = !isRefusal(shown) && record !== undefined
    const { id } = await recordOutcome(visit, updating, intention, 'done', isShown ? shown : null)
    const headers = { ...commonHeaders(visit.requestId), 'varco-event': id }
    if (!isShown) return new Response(null, { status: 204, headers })
    return new Response(record, {
      headers: { ...headers, 'content-type': ANSWER_FORMAT.contentType, 'varco-masked': maskedHeader(shown) },
    })
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    return problemResponse(refusal('outcome-unknown'), { ...visit, event: intention.id })
  }
}
