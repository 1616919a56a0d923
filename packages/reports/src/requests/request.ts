import type { Micros } from '@varco/core'

/** What a data subject may ask for, by article of the GDPR. */
export const RIGHTS = {
  access: 15,
  rectification: 16,
  erasure: 17,
  restriction: 18,
  portability: 20,
  objection: 21,
} as const
export type Right = keyof typeof RIGHTS

/** How a request came in. */
export const CHANNELS = ['portal', 'email', 'certified-email', 'post', 'counter', 'telephone'] as const
export type Channel = (typeof CHANNELS)[number]

/** Why a request is not granted; each has to be explained to who made it (GDPR Art. 12(4) and (5), 11(2)). */
export const REFUSAL_GROUNDS = [
  'manifestly-unfounded',
  'manifestly-excessive',
  'identity-not-confirmed',
  'right-does-not-apply',
] as const
export type RefusalGround = (typeof REFUSAL_GROUNDS)[number]

/** Whether who asks is who they say. */
export interface IdentityCheck {
  readonly state: 'unchecked' | 'asked' | 'confirmed' | 'not-confirmed'
  /** When the body asked for proof. */
  readonly askedAt: Micros | null
  /** When the proof came, or was found not to be one. */
  readonly settledAt: Micros | null
}

/** What became of a request. `by` is the pseudonym of who acted. */
export type RequestOutcome =
  | {
      readonly kind: 'answered'
      readonly at: Micros
      readonly by: string
      /** SHA-256, in hexadecimal, of the file that was sent. */
      readonly answer: string
    }
  | {
      readonly kind: 'refused'
      readonly at: Micros
      readonly by: string
      readonly ground: RefusalGround
      readonly reason: string
    }
  | { readonly kind: 'withdrawn'; readonly at: Micros; readonly by: string }

/** One request by a data subject. Identifier and address are personal data: they stand here and in no log. */
export interface DataSubjectRequest {
  readonly id: string
  readonly right: Right
  readonly receivedAt: Micros
  readonly channel: Channel
  /** What the request gave to be found by, such as a tax code. */
  readonly identifier: string | null
  /** Where the answer goes. */
  readonly replyTo: string | null
  readonly identity: IdentityCheck
  readonly extension: { readonly at: Micros; readonly by: string; readonly reason: string } | null
  /** `null` while it is open. */
  readonly outcome: RequestOutcome | null
  /** The nearest reminder given, in days before the deadline; `null` before the first. */
  readonly reminded: number | null
  /** Grows by one with each change: two people cannot both decide. */
  readonly version: number
}
