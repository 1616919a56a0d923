import type { AccessCount } from './access-counts.ts'

/** Counts of one outcome next to the other. */
export interface Tally {
  readonly permit: number
  readonly deny: number
}

/** The accesses of a stretch of time, counted. Says nothing of single persons. */
export interface DaySummary extends Tally {
  /** Permitted ones that showed something masked. */
  readonly masked: number
  /** Most first. The key is the processor, `null` for the body's own staff. */
  readonly byProcessor: readonly (readonly [processor: string | null, Tally])[]
  readonly byPurpose: readonly (readonly [purpose: string | null, Tally])[]
  /** By the hour of the day the events fall in. */
  readonly byHour: ReadonlyMap<number, Tally>
  /** First reason of each denied access. */
  readonly byReason: readonly (readonly [reason: string, number])[]
}

/**
 * Adds up the counts of a day.
 * @param hourOfDay what the clock showed that many hours after the day began: not the same number on two days a year
 */
export function summariseDay(
  counts: readonly AccessCount[],
  hourOfDay: (hour: number) => number,
): DaySummary {
  const denied = counts.filter(({ decision }) => decision === 'deny')
  return {
    ...tallyOf(counts),
    masked: counts.filter(({ masked }) => masked).reduce((sum, { count }) => sum + count, 0),
    byProcessor: talliesBy(counts, ({ processor }) => processor),
    byPurpose: talliesBy(counts, ({ purpose }) => purpose),
    byHour: new Map(talliesBy(counts, ({ hour }) => hourOfDay(hour))),
    byReason: talliesBy(denied, ({ reason }) => reason ?? 'no-rule').map(([reason, { deny }]) => [
      reason,
      deny,
    ]),
  }
}

function tallyOf(counts: readonly AccessCount[]): Tally {
  const sum = (wanted: AccessCount['decision']): number =>
    counts.filter(({ decision }) => decision === wanted).reduce((total, { count }) => total + count, 0)
  return { permit: sum('permit'), deny: sum('deny') }
}

function talliesBy<K>(
  counts: readonly AccessCount[],
  keyOf: (count: AccessCount) => K,
): readonly (readonly [K, Tally])[] {
  return [...Map.groupBy(counts, keyOf)]
    .map(([key, group]) => [key, tallyOf(group)] as const)
    .sort(([, a], [, b]) => b.permit + b.deny - (a.permit + a.deny))
}
