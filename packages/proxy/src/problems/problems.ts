import { GATE_REASONS, type GateReason } from '@varco/policy'
import type { Refusal } from '../refusal.ts'

/** The status that goes with each of the gate's reasons. */
const STATUSES = {
  'no-token': 401,
  'invalid-token': 401,
  'expired-token': 401,
  'invalid-proof': 401,
  'invalid-header': 400,
  'invalid-body': 400,
  'body-too-large': 413,
  'invalid-query': 400,
  'invalid-value': 400,
  'field-not-writable': 403,
  'not-supported': 400,
  'too-many-records': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'not-written': 409,
  'changed-meanwhile': 412,
  'not-json': 415,
  'budget-spent': 429,
  'data-subjects-spent': 429,
  PGRST116: 406,
  PGRST124: 400,
  PGRST103: 416,
  'unmapped-route': 404,
  'upstream-failed': 502,
  unavailable: 503,
  'outcome-unknown': 503,
  busy: 503,
} as const satisfies Record<GateReason, Refusal['status']>

export type ProblemCode = GateReason

export function refusal(
  code: ProblemCode,
  more: Pick<Refusal, 'hint' | 'details' | 'headers'> = {},
): Refusal {
  return { refused: true, status: STATUSES[code], code, text: GATE_REASONS[code], ...more }
}

/** The store or service behind cannot be reached; the caller may try again. */
export function unavailable(code: 'unavailable' | 'busy' = 'unavailable'): Refusal {
  return refusal(code, { headers: { 'retry-after': '1' } })
}
