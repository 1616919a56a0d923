import { negotiateFormat } from './answer/negotiate-format.ts'
import { besideCandidate, noteRecords } from './ask-candidate.ts'
import { problemResponse } from './problems/problem-response.ts'
import { refusal as refuseAs } from './problems/problems.ts'
import { isRefusal, type Refusal } from './refusal.ts'
import { authenticate } from './steps/authenticate.ts'
import { decide } from './steps/decide.ts'
import { establishContext } from './steps/establish-context.ts'
import { fetch } from './steps/fetch.ts'
import { markCopy } from './steps/mark-copy.ts'
import { mask } from './steps/mask.ts'
import { foundIn, objectionTo } from './steps/objection.ts'
import { record, recordObjection, recordRefusal } from './steps/record.ts'
import { reveal } from './steps/reveal.ts'
import type { Visit } from './visit.ts'

/**
 * The natural way of one reading. Nothing of a record is in anyone's hands before `record` has resolved; whoever is
 * turned away on the way is recorded too.
 * @throws UnavailableError when the log, or what must be known, cannot be reached: the caller then shows nothing
 */
export function readRecords(visit: Visit): Promise<Response> {
  return besideCandidate(visit, () => passThrough(visit))
}

async function passThrough(visit: Visit): Promise<Response> {
  const identity = await authenticate(visit)
  if (isRefusal(identity)) return turnAwayStranger(visit, identity)
  const context = await establishContext(visit, identity)
  if (isRefusal(context)) return turnAway(visit, context)
  const format = negotiateFormat(visit.header('accept'))
  if (format === null) return turnAway(visit, refuseAs('not-acceptable'))
  const reading = decide(visit, context, format)
  if (isRefusal(reading)) return turnAway(visit, reading)
  const fetched = await fetch(visit, reading)
  if (isRefusal(fetched)) return turnAway(visit, fetched)
  noteRecords(visit.trail.questions, reading, fetched)
  const objection = objectionTo(reading, fetched, format)
  if (objection !== null) {
    const told = { level: foundIn(reading, fetched), total: fetched.total }
    return turnAway(visit, await recordObjection(visit, told, objection))
  }
  const shown = mask(visit, reading, fetched, format)
  const entry = await record(visit, shown)
  if (isRefusal(entry)) return turnAway(visit, entry)
  return reveal(visit, await markCopy(visit, shown, format, entry), format, entry)
}

/** Recorded, unless it is already, then answered. */
export async function turnAway(visit: Visit, refusal: Refusal): Promise<Response> {
  const event = refusal.event ?? (await recordRefusal(visit, refusal)).id
  return problemResponse(refusal, { ...visit, event })
}

/**
 * Nobody known, so nothing to say of them: an event, as long as strangers do not come in such numbers that their
 * events would be the attack; beyond that they are counted. They are turned away even when the log cannot be reached.
 */
export async function turnAwayStranger(visit: Visit, refusal: Refusal): Promise<Response> {
  const unrecorded = visit.gate.strangers.take()
  const entry =
    unrecorded === null
      ? null
      : await recordRefusal(
          visit,
          refusal,
          unrecorded === 0 ? null : { unrecorded_before: unrecorded },
        ).catch(() => null)
  return problemResponse(refusal, { ...visit, event: entry?.id ?? null })
}
