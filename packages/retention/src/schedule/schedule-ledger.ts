import type { Micros } from '@varco/core'

/** When a scheduled rule was last seen to, and by which plan. */
export interface SeenTo {
  readonly rule: string
  readonly at: Micros
  /** `null`: nothing was due. */
  readonly plan: string | null
}

/** Every method throws `UnavailableError` when the store cannot be reached. */
export interface ScheduleLedger {
  /** Replaces what was known of the rule. */
  see(seen: SeenTo): Promise<void>
  /** By rule. */
  seen(): Promise<readonly SeenTo[]>
}
