import type { DataSubjectRef } from '@varco/core'
import type { OfficeCalendar, RequestDesk, RequestStore } from '@varco/reports'

/** What the pages of requests work with. */
export interface RequestAccess {
  readonly store: RequestStore
  /** Its acts go into the console's log. */
  readonly desk: RequestDesk
  readonly calendar: OfficeCalendar
  /** Everybody in the body's records that an identifier leads to, one of each kind. `several`: it leads to more. */
  readonly whoAsks: (identifier: string) => Promise<readonly DataSubjectRef[] | 'several'>
}
