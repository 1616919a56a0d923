import type { DataSubjectRef } from '@varco/core'

/** Who asks, as the day knows them: enough to log in and to send the headers their software would. */
export interface DayOperator {
  readonly issuer: string
  readonly username: string
  readonly password: string
  /** The contract they work under, or worked under last; `null` for the body's own staff. */
  readonly contract: string | null
  readonly workstation: string
}

/** What the policy intends for a request. Anything else is a fault of Varco or of the bundle. */
export type Expectation =
  | {
      readonly outcome: 'permit'
      /** Fields that must come masked, and no others. */
      readonly masked: readonly string[]
      /** Fields asked for in vain: they must not appear. */
      readonly absent: readonly string[]
      /** `none`: the row filter leaves nothing of what was looked for. */
      readonly records: 'some' | 'none' | 'any'
    }
  | {
      readonly outcome: 'deny'
      readonly status: number
      /** The problem's stable code; several when more than one thing is wrong. */
      readonly codes: readonly string[]
    }

/** One request of the day, decided before anything is sent. `query` holds personal data: never printed. */
export interface PlannedRequest {
  readonly number: number
  /** What it stands for, such as `invoice-enquiry` or `expired-contract`. */
  readonly kind: string
  readonly operator: DayOperator
  /** `forged`: signed by nobody's key in the issuer's name. */
  readonly credential: 'own' | 'forged' | 'none'
  readonly resource: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly expect: Expectation
}

/** A whole day, decided beforehand. */
export interface DayPlan {
  readonly requests: readonly PlannedRequest[]
  /** A citizen many look at on this day. */
  readonly protagonist: DataSubjectRef
}

/** What came back. Holds no value of any field. */
export interface Observed {
  /** 0 when nothing came back at all. */
  readonly status: number
  /** The problem's code, or the kind of fault. */
  readonly code: string | null
  /** Id of the access log's entry. */
  readonly event: string | null
  readonly masked: readonly string[]
  /** Names of the fields of the records shown. */
  readonly fields: readonly string[]
  readonly records: number
  /** How often the answer was to come again later, before this one. */
  readonly putOff: number
  /** All waiting included. */
  readonly milliseconds: number
}
