import type { Micros } from '@varco/core'

/** A rule that goes to work by itself. */
export interface ScheduledRule {
  readonly rule: string
  /** Cron's five fields. */
  readonly cron: string
  /** IANA name: whose clock on the wall it goes by. */
  readonly timeZone: string
}

/**
 * Calls at the occurrences of a schedule, on one of all the processes that keep it. Those that nobody was there for are
 * called once when somebody is; an occurrence while the one before is still being seen to waits for it, and further ones
 * with it. An hour that the clock on the wall skips is called after it, one that it shows twice once.
 */
export interface Timetable extends AsyncDisposable {
  /** From here on these rules occur, and no others. @throws UnavailableError */
  keep(rules: readonly ScheduledRule[]): Promise<void>
  /** The first occurrence after a moment. */
  nextAfter(rule: ScheduledRule, after: Micros): Micros
}

/** A call that throws is called again, later and later, until the next occurrence. */
export type OnOccurrence = (rule: string, stop: AbortSignal) => Promise<void>
