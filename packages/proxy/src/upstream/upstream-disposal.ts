import { UnavailableError } from '@varco/core'
import type { FetchedRecord, HangingRecords } from '@varco/policy'
import { answerBatches } from './answer-batches.ts'
import { isStep, pathOf } from './match-route.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamAnswer, UpstreamCall, UpstreamPools } from './upstream-pools.ts'

/** Why an upstream did not do what it was asked: in one word, and nothing of what it said. */
interface NotReached {
  readonly ok: false
  /** It understood, and will not. */
  readonly refused: boolean
  readonly outcome: string
}

/** Finds and takes away records that an upstream alone has, where the bundle says. */
export interface UpstreamDisposal {
  find(
    hanging: HangingRecords,
    value: string,
  ): Promise<{ readonly ok: true; readonly records: readonly FetchedRecord[] } | NotReached>
  remove(
    hanging: HangingRecords,
    key: string,
  ): Promise<{ readonly ok: true; readonly was: 'there' | 'absent' } | NotReached>
}

/** Whoever places a hold waits for a call that is under way: it has less time than a reading. */
const MOST_MS = 10_000
/** What the answer to a removal says is of no interest; so much of it is read that the connection can be used again. */
const MOST_IDLE_BYTES = 16_384
/** The upstream understood these and may do otherwise another time: too slow, too early, too often. */
const PASSING = new Set([408, 425, 429])

/** @param pools asked for when there is something to do: most bundles have no such records */
export function upstreamDisposal(pools: () => Promise<UpstreamPools>): UpstreamDisposal {
  const call = async (
    { upstream }: HangingRecords,
    asked: Pick<UpstreamCall, 'method' | 'path'>,
  ): Promise<UpstreamAnswer> => (await pools()).call(upstream, { ...asked, mostMs: MOST_MS })
  return {
    find: (hanging, value) =>
      withoutFaults(async () => {
        const path = listingPath(hanging, value)
        if (path === null) return UNSAYABLE
        const answer = await call(hanging, { method: 'GET', path })
        if (answer.status === 200) return { ok: true, records: await someOf(answer, hanging) }
        answer.discard()
        // Under an address that is nobody's own it is the address that is wrong.
        const isNobodys = hanging.listing?.parameter !== null
        return isAbsent(answer) && !isNobodys ? { ok: true, records: [] } : notReached(answer)
      }),
    remove: (hanging, key) =>
      withoutFaults(async () => {
        const { removal, resource } = hanging
        // INVARIANT: a checked bundle takes away nothing that it does not say how to.
        if (removal === null) throw new TypeError(`nothing says how records of ${resource.name} go`)
        if (!isStep(key)) return UNSAYABLE
        const path = pathOf(removal.steps, [[resource.key, key]])
        const answer = await call(hanging, { method: removal.method, path })
        await readIdly(answer)
        if (isDone(answer)) return { ok: true, was: 'there' }
        return isAbsent(answer) ? { ok: true, was: 'absent' } : notReached(answer)
      }),
  }
}

/** What could mean another place to whoever decodes it again is not sent at all. */
const UNSAYABLE: NotReached = { ok: false, refused: true, outcome: 'key' }

function listingPath({ listing, field }: HangingRecords, value: string): string | null {
  if (listing === null || !value.isWellFormed()) return null
  const { route, parameter } = listing
  if (parameter !== null)
    return `${pathOf(route.steps, [])}?${encodeURIComponent(parameter)}=${encodeURIComponent(value)}`
  return isStep(value) ? pathOf(route.steps, [[field, value]]) : null
}

/**
 * The first of them. That there are none is believed only of an answer that has the place where they would stand, read to its
 * end: a page that says sorry is no empty list.
 */
async function someOf(
  answer: UpstreamAnswer,
  { listing, resource }: HangingRecords,
): Promise<readonly FetchedRecord[]> {
  const [mapping] = listing?.route.answers ?? []
  if (mapping === undefined) throw new UpstreamError('malformed')
  let isThere = false
  for await (const { parts } of answerBatches(answer, [{ mapping, resource }])) {
    const records = parts.flatMap((part) => (part.kind === 'record' ? [part.record] : []))
    isThere ||= records.length > 0 || parts.some((part) => part.kind === 'open' && part.list)
    if (records.length > 0) return records
  }
  if (!isThere) throw new UpstreamError('malformed')
  return []
}

async function readIdly(answer: UpstreamAnswer): Promise<void> {
  let length = 0
  try {
    for await (const piece of answer.body) {
      length += piece.length
      if (length > MOST_IDLE_BYTES) break
    }
  } catch (error) {
    // Its status came, and says all.
    if (!(error instanceof UpstreamError) && !(error instanceof UnavailableError)) throw error
  }
  if (length > MOST_IDLE_BYTES) answer.discard()
}

/** 202: it will be done, perhaps; 207: some of it was. */
function isDone({ status }: UpstreamAnswer): boolean {
  return status >= 200 && status < 300 && status !== 202 && status !== 207
}

function isAbsent({ status }: Pick<UpstreamAnswer, 'status'>): boolean {
  return status === 404 || status === 410
}

function notReached(answer: UpstreamAnswer): NotReached {
  const { status } = answer
  const refused = status >= 400 && status < 500 && !isAbsent(answer) && !PASSING.has(status)
  return { ok: false, refused, outcome: `status-${status}` }
}

async function withoutFaults<T>(work: () => Promise<T | NotReached>): Promise<T | NotReached> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UpstreamError) return { ok: false, refused: false, outcome: error.fault }
    if (error instanceof UnavailableError && error.service === 'upstream')
      return { ok: false, refused: false, outcome: 'unreachable' }
    throw error
  }
}
