import type { DataSubjectRef } from '@varco/core'
import { mismatch } from './mismatch.ts'
import type { Observed, PlannedRequest } from './planned-request.ts'

/** One request of the day with its answer. */
export interface Played {
  readonly planned: PlannedRequest
  readonly observed: Observed
}

export interface ContractCount {
  /** `null`: the body's own staff. */
  readonly contract: string | null
  readonly requests: number
  readonly permitted: number
  readonly denied: number
}

/** What happened on the day; counts and codes, no personal data but the protagonist's reference. */
export interface DaySummary {
  readonly requests: number
  readonly operators: number
  readonly seconds: number
  /** Answered with records or with an empty list. */
  readonly permitted: number
  /** Of the permitted, those with at least one masked field. */
  readonly masked: number
  readonly denied: number
  /** No answer, or an answer that is neither a permit nor a refusal: 5xx. */
  readonly faults: number
  /** How often the gate asked to come again later, and was asked again. */
  readonly putOff: number
  /** By the problem's code, most frequent first. */
  readonly deniedByCode: Readonly<Record<string, number>>
  readonly byContract: readonly ContractCount[]
  /** Milliseconds, as the operators' software felt them. */
  readonly latency: { readonly p50: number; readonly p99: number }
  /** The citizen whose access report is worth reading. */
  readonly protagonist: DataSubjectRef
  /** Requests answered otherwise than the policy intends. Zero, or something is wrong. */
  readonly mismatches: number
  /** The first of each sort of them, the most frequent sort first. */
  readonly firstMismatches: readonly Mismatch[]
}

export interface Mismatch {
  readonly number: number
  readonly kind: string
  readonly difference: string
  readonly times: number
}

const MISMATCHES_LISTED = 20

/** Counts a played day. */
export function summarise(
  played: readonly Played[],
  day: { protagonist: DataSubjectRef; seconds: number },
): DaySummary {
  const permitted = played.filter(isPermitted)
  const denied = played.filter(isDenied)
  const differences = played.flatMap(({ planned, observed }) => {
    const difference = mismatch(planned, observed)
    return difference === null ? [] : [{ number: planned.number, kind: planned.kind, difference }]
  })
  const times = played.map(({ observed }) => observed.milliseconds).sort((a, b) => a - b)
  return {
    requests: played.length,
    operators: new Set(played.map(({ planned }) => `${planned.operator.issuer} ${planned.operator.username}`))
      .size,
    seconds: day.seconds,
    permitted: permitted.length,
    masked: permitted.filter(({ observed }) => observed.masked.length > 0).length,
    denied: denied.length,
    faults: played.length - permitted.length - denied.length,
    putOff: played.reduce((sum, { observed }) => sum + observed.putOff, 0),
    deniedByCode: countBy(denied, ({ observed }) => observed.code ?? String(observed.status)),
    byContract: contractsOf(played),
    latency: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    protagonist: day.protagonist,
    mismatches: differences.length,
    firstMismatches: firstOfEachSort(differences),
  }
}

function firstOfEachSort(differences: readonly Omit<Mismatch, 'times'>[]): readonly Mismatch[] {
  return [...Map.groupBy(differences, ({ kind, difference }) => `${kind} ${difference}`).values()]
    .flatMap((alike) => alike.slice(0, 1).map((first) => ({ ...first, times: alike.length })))
    .sort((a, b) => b.times - a.times)
    .slice(0, MISMATCHES_LISTED)
}

function isPermitted({ observed }: Played): boolean {
  return observed.status === 200
}

function isDenied({ observed }: Played): boolean {
  return observed.status >= 400 && observed.status < 500
}

function contractsOf(played: readonly Played[]): readonly ContractCount[] {
  const groups = Map.groupBy(played, ({ planned }) => planned.operator.contract)
  return [...groups]
    .map(([contract, group]) => ({
      contract,
      requests: group.length,
      permitted: group.filter(isPermitted).length,
      denied: group.filter(isDenied).length,
    }))
    .sort((a, b) => b.requests - a.requests)
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts = [...Map.groupBy(items, keyOf)].map(([key, group]) => [key, group.length] as const)
  return Object.fromEntries(counts.sort(([, a], [, b]) => b - a))
}

/** Nearest rank, on sorted values. */
function percentile(sorted: readonly number[], rank: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * rank) - 1)] ?? 0
}
