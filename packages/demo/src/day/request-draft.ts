import type { Expectation, PlannedRequest } from './planned-request.ts'

/** A request before it has a number and a person. */
export interface RequestDraft {
  readonly kind: string
  readonly credential?: PlannedRequest['credential']
  readonly resource: string
  readonly query: Readonly<Record<string, string>>
  readonly purpose?: string
  readonly ticket?: string
  readonly instructedBy?: string
  readonly expect: Expectation
}

/** Records are shown, with these fields masked. */
export function permitted(
  masked: readonly string[] = [],
  more: Partial<Omit<Permitted, 'outcome' | 'masked'>> = {},
): Permitted {
  return { outcome: 'permit', masked, absent: [], records: 'any', ...more }
}

type Permitted = Extract<Expectation, { outcome: 'permit' }>

/** Refused by the policy, for this reason. */
export function denied(...codes: readonly string[]): Expectation {
  return { outcome: 'deny', status: 403, codes }
}

/** Refused before the policy is asked: who this is cannot be known. */
export function unauthenticated(...codes: readonly string[]): Expectation {
  return { outcome: 'deny', status: 401, codes }
}

/** Refused as asking for what does not exist, whether it does or not. */
export function notAvailable(status: 400 | 404, ...codes: readonly string[]): Expectation {
  return { outcome: 'deny', status, codes }
}
