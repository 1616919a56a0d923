import { UnavailableError } from '@varco/core'
import type { UpstreamRoute } from '@varco/policy'
import { commonHeaders } from '../answer/common-headers.ts'
import { leavesOf } from '../dialect/query.ts'
import { turnAway } from '../pipeline.ts'
import { refusal, unavailable } from '../problems/problems.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { decideLevel } from '../steps/decide.ts'
import type { Established } from '../steps/establish-context.ts'
import { recordRefusal } from '../steps/record.ts'
import { maskedHeader } from '../steps/reveal.ts'
import type { Visit } from '../visit.ts'
import { answerBatches, type Batch } from './answer-batches.ts'
import { AnswerWriter } from './answer-writer.ts'
import type { MatchedRoute } from './match-route.ts'
import { readRequest, type UpstreamRequest } from './read-request.ts'
import { ANSWER_FORMAT, showBatch, underKeys, type ShownBatch, type UpstreamReading } from './show-batch.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamAnswer, UpstreamPools } from './upstream-pools.ts'

type ReadRoute = Extract<UpstreamRoute, { kind: 'read' }>

/**
 * One reading from an upstream: decide, call, then part by part read, decide record by record, mask, record, reveal. An
 * answer that cannot be read to its end is cut off, never passed for a whole one.
 */
export async function readUpstream(
  visit: Visit,
  context: Established,
  matched: MatchedRoute<ReadRoute>,
  pools: UpstreamPools,
): Promise<Response> {
  const request = readRequest(matched, visit.query)
  if (isRefusal(request)) return turnAway(visit, request)
  const readings = decideReadings(visit, context, matched, request)
  if (isRefusal(readings)) return turnAway(visit, readings)
  const [first] = readings
  // The answer as a whole is about the first of its resources.
  if (first !== undefined) Object.assign(visit.trail, first.reading.asked)
  const answer = await callUpstream(matched, pools, { method: 'GET', path: request.path })
  if (isRefusal(answer)) return turnAway(visit, answer)
  const detail = { upstream: matched.upstream.name, route: matched.route.label }
  const answers = readings.map(({ mapping, reading }) => ({ mapping, resource: reading.resource }))
  const parts = new ShownParts(visit, readings, answerBatches(answer, answers), detail)
  const shown = await parts.first().catch(faultAsRefusal)
  if (shown === null || isRefusal(shown)) {
    await parts.end()
    return turnAway(visit, shown ?? refusal('upstream-failed'))
  }
  // One record, and it is none of the caller's business: in the words of one that does not exist, wherever it stands.
  if (shown.records === 0 && (shown.hasAlone || !shown.hasList)) {
    return turnAway(visit, { ...refusal('not-found'), unspoken: ['condition-not-met'] })
  }
  return new Response(parts.isOver ? shown.text : visit.keepPlace(parts.stream(shown)), {
    status: 200,
    headers: {
      ...commonHeaders(visit.requestId),
      'content-type': ANSWER_FORMAT.contentType,
      ...(shown.entry === null ? {} : { 'varco-event': shown.entry.id }),
      'varco-masked': [...new Set(shown.shown.map(maskedHeader))].filter((text) => text !== '').join(','),
    },
  })
}

function decideReadings(
  visit: Visit,
  context: Established,
  { route }: MatchedRoute<ReadRoute>,
  { query }: UpstreamRequest,
): readonly UpstreamReading[] | Refusal {
  const readings: UpstreamReading[] = []
  const level = { visit, context, wantsCount: false, top: { visit, format: ANSWER_FORMAT } }
  const compared = leavesOf(query.filter).map(({ field }) => field)
  for (const mapping of route.answers) {
    const reading = decideLevel(level, mapping.resource, query, null)
    if (isRefusal(reading)) return reading
    readings.push({ mapping, reading: underKeys(reading, mapping), compared })
  }
  return readings
}

/** An upstream's 404 is ours; whatever else it has to say is nobody's business. */
export async function callUpstream(
  { upstream }: MatchedRoute,
  pools: UpstreamPools,
  call: Parameters<UpstreamPools['call']>[1],
): Promise<UpstreamAnswer | Refusal> {
  try {
    const answer = await pools.call(upstream, call)
    if (answer.status === 200) return answer
    answer.discard()
    return refusal(answer.status === 404 || answer.status === 410 ? 'not-found' : 'upstream-failed')
  } catch (error) {
    return faultAsRefusal(error)
  }
}

/** @throws whatever is no fault of the upstream's */
export function faultAsRefusal(error: unknown): Refusal {
  if (error instanceof UpstreamError)
    return { ...refusal('upstream-failed'), unspoken: [`upstream-${error.fault}`] }
  if (error instanceof UnavailableError && error.service === 'upstream') return unavailable()
  throw error
}

/** A part after others of which nothing is shown. */
function joined(before: ShownBatch, after: ShownBatch): ShownBatch {
  return {
    ...after,
    text: before.text + after.text,
    entry: after.entry ?? before.entry,
    hasList: before.hasList || after.hasList,
    hasAlone: before.hasAlone || after.hasAlone,
  }
}

/** The parts of an answer as they may leave, one after the other. */
class ShownParts {
  readonly #visit: Visit
  readonly #readings: readonly UpstreamReading[]
  readonly #batches: AsyncGenerator<Batch>
  readonly #detail: Readonly<Record<string, string>>
  readonly #writer = new AnswerWriter()
  #number = 0
  isOver = false

  constructor(
    visit: Visit,
    readings: readonly UpstreamReading[],
    batches: AsyncGenerator<Batch>,
    detail: Readonly<Record<string, string>>,
  ) {
    this.#visit = visit
    this.#readings = readings
    this.#batches = batches
    this.#detail = detail
  }

  /**
   * All up to the first part of which something is shown; until then it may be an answer that is nobody's business, however
   * long it is, and no status can be told.
   */
  async first(): Promise<ShownBatch | Refusal | null> {
    let before: ShownBatch | null = null
    for (;;) {
      const shown = await this.next()
      if (shown === null || isRefusal(shown)) return shown
      const all: ShownBatch = before === null ? shown : joined(before, shown)
      if (this.isOver || all.records > 0) return all
      before = all
    }
  }

  /** `null` when there are no more. */
  async next(): Promise<ShownBatch | Refusal | null> {
    const { value: batch, done } = await this.#batches.next()
    if (done === true) return null
    this.isOver = batch.isLast
    this.#number++
    return showBatch(this.#visit, this.#readings, batch, this.#writer, {
      number: this.#number,
      detail: this.#detail,
    })
  }

  async end(): Promise<void> {
    await this.#batches.return(undefined)
  }

  /** Whatever goes wrong after the first part ends the connection: a client sees that the answer is not whole. */
  stream(first: ShownBatch): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder()
    let waiting: string | null = first.text
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (waiting !== null) {
            controller.enqueue(encoder.encode(waiting))
            waiting = null
            return
          }
          try {
            const shown = await this.next().catch(faultAsRefusal)
            if (shown === null) controller.close()
            else if (isRefusal(shown)) await this.#cut(controller, shown)
            else {
              if (shown.text !== '') controller.enqueue(encoder.encode(shown.text))
              if (this.isOver) controller.close()
              else if (shown.text === '') controller.enqueue(encoder.encode(' '))
            }
          } catch (error) {
            await this.end()
            controller.error(error)
          }
        },
        cancel: () => this.end(),
      },
      { highWaterMark: 0 },
    )
  }

  async #cut(controller: ReadableStreamDefaultController<Uint8Array>, reason: Refusal): Promise<void> {
    await this.end()
    if (reason.event === undefined)
      await recordRefusal(this.#visit, reason, { ...this.#detail, cut_after_part: this.#number })
    controller.error(new UpstreamError('malformed'))
  }
}
