import type { ContractId, Locale, Micros } from '@varco/core'
import type { CompromisedBy, Report, ShelvedReport } from '@varco/reports'

export const REPORT_KINDS = [
  'register',
  'audit',
  'transparency',
  'drift',
  'tickets',
  'exit',
  'breach',
  'subject',
] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

/** What was breached and how it is told, as the form of `breach-order.ts` reads it. */
export interface BreachOrder {
  readonly reference: string
  readonly description: string
  readonly awareAt: Micros
  readonly compromised: CompromisedBy
  readonly consequences?: string
  readonly measures?: string
  /** Whether the people are listed, for the communication of Art. 34. */
  readonly withPeople: boolean
}

/** A document somebody asks for. */
export type ReportOrder =
  | { readonly kind: 'register' }
  | {
      readonly kind: 'transparency' | 'tickets' | 'audit'
      readonly from: Micros
      /** Exclusive. */
      readonly to: Micros
    }
  | {
      readonly kind: 'drift'
      readonly contract: ContractId
      /** Months, both included. */
      readonly from: string
      readonly to: string
    }
  | { readonly kind: 'exit'; readonly contract: ContractId }
  | { readonly kind: 'breach'; readonly breach: BreachOrder }
  | {
      readonly kind: 'subject'
      /** What the request gave to find the person by. */
      readonly identifier: string
      /** The request's number: staff are named by what was opened for it, and for nothing else. */
      readonly request: string
    }

/**
 * `month`: none of the period is whole and over. `busy`: such a document is being made already, and takes the machine for
 * minutes.
 */
export type ReportRefusal = 'several' | 'period' | 'month' | 'no-exit' | 'busy'

/** A document that was made; what it lies on, if not in memory, is let go of at its end. */
export interface MadeReport extends AsyncDisposable {
  readonly report: Report | ShelvedReport
  /** Its table as CSV; `null`: it has none, or none was asked for. */
  readonly table: string | null
}

export interface ReportMaker {
  /**
   * Makes the document; its making is an event of the log.
   * @throws UnavailableError when it cannot be recorded, or something it is made from cannot be read
   */
  make(
    order: ReportOrder,
    by: { readonly pseudonym: string; readonly locale: Locale },
  ): Promise<MadeReport | ReportRefusal>
}
