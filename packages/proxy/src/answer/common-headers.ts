import type { RequestId } from '@varco/core'

/** On every answer. They are given when it is made: touching them later makes the server take its slow way. */
export function commonHeaders(requestId: RequestId): Readonly<Record<string, string>> {
  return { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-request-id': requestId }
}
