import type { Observed, PlannedRequest } from './planned-request.ts'

/** How an answer differs from what the policy intends, in words without values; `null` when it does not. */
export function mismatch({ expect }: PlannedRequest, seen: Observed): string | null {
  if (expect.outcome === 'deny') {
    if (seen.status !== expect.status)
      return `expected ${expect.status} ${expect.codes.join(' or ')}, got ${answered(seen)}`
    if (!expect.codes.includes(seen.code ?? ''))
      return `expected ${expect.codes.join(' or ')}, got ${seen.code ?? 'no code'}`
    return seen.records > 0 ? 'denied, and yet records were shown' : null
  }
  if (seen.status !== 200) return `expected a permit, got ${answered(seen)}`
  if (seen.event === null) return 'records without the access log’s entry'
  if (expect.records === 'some' && seen.records === 0) return 'expected records, got none'
  if (expect.records === 'none' && seen.records > 0) return 'expected no records, got some'
  const shown = expect.absent.filter((field) => seen.fields.includes(field))
  if (shown.length > 0) return `must be hidden: ${shown.join(', ')}`
  const masked = seen.masked.toSorted().join(', ')
  const intended = expect.masked.toSorted().join(', ')
  return masked === intended ? null : `expected masked: ${intended || 'nothing'}, got ${masked || 'nothing'}`
}

function answered(seen: Observed): string {
  return seen.status === 0
    ? `no answer (${seen.code ?? 'unknown'})`
    : `${seen.status} ${seen.code ?? ''}`.trimEnd()
}
