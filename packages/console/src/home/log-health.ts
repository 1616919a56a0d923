import type { AnchorStanding } from '@varco/access-log'
import type { Micros } from '@varco/core'

/** One verification of the log. */
export interface LogCheck {
  readonly at: Micros
  readonly ok: boolean
  /** How many the log held. */
  readonly events: number
  readonly findings: number
}

export interface LogStanding {
  /** `null`: they could not be asked. */
  readonly anchors: readonly AnchorStanding[] | null
  /** The last verification; `null`: there was none yet. */
  readonly check: LogCheck | null
}

/** Whether the log is whole and vouched for, as it was last looked at: cheap enough for each opening of a page. */
export interface LogHealth {
  standing(): Promise<LogStanding>
}

/** After a day without a verification nobody can say that the log is whole. */
const CHECK_LATE: Micros = 86_400_000_000n
/** More than a busy minute: the anchor has stopped. */
const BEHIND_LATE = { events: 100_000, checkpoints: 20 } as const

export function isCheckLate({ check }: LogStanding, now: Micros): boolean {
  return check === null || now - check.at > CHECK_LATE
}

export function isAnchorLate({ of, behind, trouble }: AnchorStanding): boolean {
  return trouble !== null || behind > BEHIND_LATE[of]
}
