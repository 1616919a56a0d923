import { dayCredentials } from './credentials.ts'
import { summarise, type DaySummary, type Played } from './day-summary.ts'
import type { DayPlan, PlannedRequest } from './planned-request.ts'
import { sendRequest } from './send-request.ts'

export interface PlayDayOptions {
  readonly plan: DayPlan
  readonly proxyUrl: string
  /** Issuer to the address where it is reached: `IdentityProvider.addresses`. */
  readonly addresses: Readonly<Record<string, string>>
  readonly audience: string
  /** Operators at work at the same time. */
  readonly atOnce?: number
  /** Called with how many requests are answered. */
  readonly onProgress?: (done: number) => void
  /** Ends the day early: what is on its way is awaited, nothing more is sent. */
  readonly stop?: AbortSignal
}

/** Plays the day through the real proxy: each operator does one thing after the other, many work at once. */
export async function playDay(options: PlayDayOptions): Promise<DaySummary> {
  const { plan, proxyUrl, onProgress, stop } = options
  const credentials = dayCredentials(options)
  const played: Played[] = []
  const started = performance.now()
  const work = async (requests: readonly PlannedRequest[]): Promise<void> => {
    for (const planned of requests) {
      if (stop?.aborted === true) return
      const observed = await sendRequest(proxyUrl, planned, await credentials(planned))
      played.push({ planned, observed })
      onProgress?.(played.length)
    }
  }
  const desks = [...Map.groupBy(plan.requests, (planned) => planned.operator).values()]
  await atMost(options.atOnce ?? 24, desks, work)
  const seconds = (performance.now() - started) / 1000
  const inOrder = played.sort((a, b) => a.planned.number - b.planned.number)
  return summarise(inOrder, { protagonist: plan.protagonist, seconds })
}

async function atMost<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}
