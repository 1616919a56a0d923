import type { Locale, Micros } from '@varco/core'
import type { Report } from '@varco/reports'

export const REPORT_KINDS = ['register', 'transparency', 'tickets', 'subject'] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

/** A document somebody asks for. */
export type ReportOrder =
  | { readonly kind: 'register' }
  | {
      readonly kind: 'transparency' | 'tickets'
      readonly from: Micros
      /** Exclusive. */
      readonly to: Micros
    }
  | {
      readonly kind: 'subject'
      /** What the request gave to find the person by. */
      readonly identifier: string
    }

export type ReportRefusal = 'several' | 'period'

export interface ReportMaker {
  /**
   * Makes the document; its making is an event of the log.
   * @throws UnavailableError when it cannot be recorded, or something it is made from cannot be read
   */
  make(
    order: ReportOrder,
    by: { readonly pseudonym: string; readonly locale: Locale },
  ): Promise<Report | ReportRefusal>
}
