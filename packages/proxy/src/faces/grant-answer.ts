import { microsToIso, type Micros } from '@varco/core'
import type { Grant, GrantRefusalCode, GrantRefused } from '@varco/engagement'
import type { Refusal } from '../refusal.ts'

/** A grant as its asker, and whoever decided on it, get it back. */
export function grantJson(grant: Grant) {
  const { matter, emergency } = grant
  return {
    id: grant.id,
    state: grant.state,
    resource: matter.resource,
    record: matter.record,
    data_subject: matter.dataSubject,
    action: matter.action,
    purpose: matter.purpose,
    ticket: matter.ticket,
    owner: grant.owner,
    norm: grant.norm,
    minutes: grant.minutes,
    asked_at: microsToIso(grant.askedAt),
    decided_at: isoOrNull(grant.decidedAt),
    expires_at: isoOrNull(grant.expiresAt),
    break_glass: emergency !== null,
    review_due: isoOrNull(emergency?.reviewDue ?? null),
  }
}

function isoOrNull(at: Micros | null): string | null {
  return at === null ? null : microsToIso(at)
}

const STATUS: Partial<Record<GrantRefusalCode, Refusal['status']>> = {
  'unknown-resource': 404,
  'unknown-grant': 404,
  'grant-too-wide': 400,
  'grant-too-long': 400,
  'reason-too-short': 400,
  'too-many-asked': 429,
  'already-decided': 409,
  'not-in-force': 409,
  'nothing-to-review': 409,
  'grant-not-needed': 409,
}

export function grantRefusal({ code, text }: GrantRefused): Refusal {
  return { refused: true, status: STATUS[code] ?? 403, code, text }
}
