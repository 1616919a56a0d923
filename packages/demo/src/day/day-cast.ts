import type { DataSubjectRef } from '@varco/core'
import type { DayOperator } from './planned-request.ts'

/** Someone of the sample body who may work on the day. */
export interface CastMember extends DayOperator {
  readonly role: string
  readonly unit: string
  /** `contract-ended`: still assigned to a contract that is over; `left`: assigned to nothing. Their logins still work. */
  readonly standing: 'working' | 'contract-ended' | 'left'
}

export interface CastTicket {
  readonly id: string
  /** `null`: a ticket of the body's own staff. */
  readonly contract: string | null
  readonly dataSubject: string
  readonly purpose: string
  readonly status: 'open' | 'closed'
}

/** Who and what the day is made of. */
export interface DayCast {
  readonly members: readonly CastMember[]
  /** Logins at one company's issuer for people another company employs: the issuer vouches for nobody there. */
  readonly strangers: readonly CastMember[]
  readonly tickets: readonly CastTicket[]
  /** The citizen many look at, a natural person. */
  readonly protagonist: DataSubjectRef
}
