import { recordsToGo, type RetentionPlan, type RunEstimate } from './plan.ts'
import type { RetentionStore } from './store.ts'

const RUNS = 20
/** Of a shorter run it is not its records that took the time. */
const LEAST_RECORDS = 100
/** Of a run that gives way to others, on two cores. */
const RECORDS_PER_SECOND = 5_000

/** How long a record takes. */
export interface RunPace {
  readonly microsPerRecord: number
  readonly by: RunEstimate['by']
}

/**
 * By the middle one of the last runs that went their whole way: one that was paused over a night makes no difference.
 * @throws UnavailableError
 */
export async function paceOfRuns(store: Pick<RetentionStore, 'plans'>): Promise<RunPace> {
  const paces = (await store.plans(RUNS)).flatMap(paceOf).toSorted((a, b) => a - b)
  const middle = paces[Math.floor(paces.length / 2)]
  return middle === undefined
    ? { microsPerRecord: 1_000_000 / RECORDS_PER_SECOND, by: 'no-run' }
    : { microsPerRecord: middle, by: 'earlier-runs' }
}

/** @returns `null`: there is nothing to do */
export function estimateRun({ microsPerRecord, by }: RunPace, records: number): RunEstimate | null {
  return records === 0 ? null : { seconds: Math.ceil((records * microsPerRecord) / 1_000_000), by }
}

function paceOf(plan: RetentionPlan): readonly number[] {
  const { state, startedAt, endedAt, endedEarly } = plan
  const records = recordsToGo(plan)
  const isWhole = state === 'done' && endedEarly === undefined && startedAt !== null && endedAt !== null
  // A clock that was set back meanwhile would have it over before it began.
  const isTimed = isWhole && records >= LEAST_RECORDS && endedAt > startedAt
  return isTimed ? [Number(endedAt - startedAt) / records] : []
}
