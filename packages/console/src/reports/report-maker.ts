import type { ContractId, Locale, Micros, OperatorId } from '@varco/core'
import type { CompromisedBy, Report, ShelvedReport } from '@varco/reports'
import type { ReportFormat } from './report-formats.ts'

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

/** For whom a document is made, and how they want to have it. */
export interface OrderedBy {
  readonly pseudonym: string
  /** The same under each of their pseudonyms. */
  readonly person: OperatorId
  readonly locale: Locale
  readonly format: ReportFormat
}

/**
 * `month`: none of the period is whole and over. `busy`: such a document is being made already, and takes the machine for
 * minutes. `full`: as many long ones are being made as the machine bears. `own`: a long one of the same person is. `not-written`:
 * there is no room for it.
 */
export type ReportRefusal =
  | 'several'
  | 'period'
  | 'month'
  | 'no-exit'
  | 'busy'
  | 'full'
  | 'own'
  | 'not-written'

/** A document that was made; what it lies on, if not in memory, is let go of at its end. */
export interface MadeReport extends AsyncDisposable {
  readonly report: Report | ShelvedReport
  /** Its table as CSV; `null`: it has none, or none was asked for. */
  readonly table: string | null
}

/** A long document, made apart from what serves: its end gives it up, and lets go of what there is of it. */
export interface ReportUnderWay extends AsyncDisposable {
  readonly progress: () => ReportProgress
  /** What came of it; never rejects. */
  readonly outcome: Promise<ReportOutcome>
}

export interface ReportProgress {
  /** Accesses are gathered from the log; then rows are set. */
  readonly step: 'gathering' | 'setting'
  readonly done: number
  /** `null`: nobody knows yet. */
  readonly of: number | null
}

export type ReportOutcome =
  | { readonly kind: 'made'; readonly file: ReportFile }
  | { readonly kind: 'refused'; readonly reason: ReportRefusal }
  | { readonly kind: 'failed'; readonly because: ReportFailure }

/** `unavailable`: something it is made from cannot be read, or its making cannot be recorded. */
export type ReportFailure = 'unavailable' | 'not-written' | 'fault'

/** A whole document in the format that was asked for. */
export interface ReportFile {
  readonly made: Report['made']
  /** Bytes. */
  readonly size: number
  /** As often as it is asked for, while it is kept. */
  readonly pieces: () => AsyncIterable<Uint8Array>
}

export interface ReportMaker {
  /**
   * Makes the document; its making is an event of the log. A long one is only begun.
   * @throws UnavailableError when it cannot be recorded, or something it is made from cannot be read
   */
  make(order: ReportOrder, by: OrderedBy): Promise<MadeReport | ReportUnderWay | ReportRefusal>
}
