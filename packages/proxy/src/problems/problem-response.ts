import type { EventId, Locale, RequestId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { commonHeaders } from '../answer/common-headers.ts'
import type { Refusal } from '../refusal.ts'

export interface ProblemContext {
  readonly locale: Locale
  readonly requestId: RequestId
  /** The entry of the access log, where there is one. */
  readonly event: EventId | null
  /** Names the nearest purposes in words. */
  readonly bundle: Bundle | null
}

/**
 * RFC 9457 problem details, with the members PostgREST's clients read (`code`, `message`, `details`, `hint`) beside.
 */
export function problemResponse(
  refusal: Refusal,
  { locale, requestId, event, bundle }: ProblemContext,
): Response {
  const text = refusal.text[locale]
  const nearest = (refusal.nearestPurposes ?? []).map((id) => ({
    purpose: id,
    title: bundle?.document.purposes[id]?.title[locale] ?? id,
  }))
  const body = {
    type: `urn:varco:problem:${refusal.code}`,
    title: text,
    status: refusal.status,
    ...(refusal.hint === undefined ? {} : { detail: refusal.hint[locale] }),
    code: refusal.code,
    message: text,
    details: refusal.details ?? null,
    hint: refusal.hint?.[locale] ?? null,
    ...(refusal.reasons === undefined ? {} : { reasons: refusal.reasons }),
    ...(nearest.length === 0 ? {} : { nearest_purposes: nearest }),
    ...(refusal.grantable === undefined ? {} : { ask_grant: { href: '/grants', ...refusal.grantable } }),
    ...(event === null ? {} : { event }),
    request: requestId,
  }
  return new Response(JSON.stringify(body), {
    status: refusal.status,
    headers: {
      ...commonHeaders(requestId),
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': locale,
      ...(event === null ? {} : { 'varco-event': event }),
      ...refusal.headers,
    },
  })
}
