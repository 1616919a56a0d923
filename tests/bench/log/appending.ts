import { openAccessLog, type Batch, type CommitOutcome, type LogKeys, type LogStore } from '@varco/access-log'
import { asId, systemClock, type WriterId } from '@varco/core'
import { access } from './workload.ts'

const WARM_UP_MS = 1_500
const MEASURED_MS = 4_000
/** As many batches as this takes are kept, to be committed again unhashed. */
const KEPT_MS = 2_000

export interface Appending {
  readonly eventsPerS: number
  readonly p50Ms: number
  /** What was committed right after: kept while measuring, batches would be the garbage collector's work above all. */
  readonly batches: readonly SentBatch[]
}

interface SentBatch {
  readonly batch: Batch
  /** Whether it was sent while the one before was under way. */
  readonly isBehind: boolean
}

/** Appends with so many callers, each asking again as soon as it is answered. */
export async function measureAppending(
  store: LogStore,
  keys: LogKeys,
  writer: string,
  callers: number,
  measuredMs = MEASURED_MS,
): Promise<Appending> {
  const batches: SentBatch[] = []
  let isKept = false
  const recording: LogStore = {
    ...store,
    commit: (batch, ahead) => {
      if (isKept) batches.push({ batch, isBehind: ahead !== undefined })
      return store.commit(batch, ahead)
    },
  }
  await using log = await openAccessLog({
    store: recording,
    keys,
    clock: systemClock,
    writer: asId<WriterId>(writer),
  })
  let n = 0
  const run = async (ms: number, times: number[]): Promise<void> => {
    const end = performance.now() + ms
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (performance.now() < end) {
          const asked = performance.now()
          await log.append(access(n++))
          times.push(performance.now() - asked)
        }
      }),
    )
  }
  await run(WARM_UP_MS, [])
  const times: number[] = []
  const started = performance.now()
  await run(measuredMs, times)
  const seconds = (performance.now() - started) / 1_000
  isKept = true
  await run(KEPT_MS, [])
  times.sort((a, b) => a - b)
  return {
    eventsPerS: times.length / seconds,
    p50Ms: times[Math.floor(times.length / 2)] ?? 0,
    batches,
  }
}

/**
 * Commits the same rows in the same batches under another writer's name, with nothing left to encode, hash or sign: events a second.
 * Each batch is sent behind the one before where it was so.
 */
export async function measureRaw(store: LogStore, writer: string, { batches }: Appending): Promise<number> {
  const renamed = batches.map(({ batch, isBehind }, i) => ({
    batch: { ...batch, writer, head: { ...batch.head, writer }, base: i === 0 ? null : batch.base },
    isBehind: i > 0 && isBehind,
  }))
  const started = performance.now()
  let ahead: Promise<CommitOutcome> = Promise.resolve('committed')
  let before = ahead
  for (const { batch, isBehind } of renamed) {
    // Two under way at most, as the writer has them.
    if ((await (isBehind ? before : ahead)) !== 'committed') throw new Error('a batch was not taken')
    before = ahead
    ahead = isBehind ? store.commit(batch, before) : store.commit(batch)
  }
  if ((await ahead) !== 'committed') throw new Error('a batch was not taken')
  const seconds = (performance.now() - started) / 1_000
  return batches.reduce((sum, { batch }) => sum + batch.events.length, 0) / seconds
}
