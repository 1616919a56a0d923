import type { OfficeCalendar, RequestDesk, RequestStore } from '@varco/reports'

/** What the pages of requests work with. */
export interface RequestAccess {
  readonly store: RequestStore
  /** Its acts go into the console's log. */
  readonly desk: RequestDesk
  readonly calendar: OfficeCalendar
}
