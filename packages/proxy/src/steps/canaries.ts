import type { Appended, DisclosureDraft } from '@varco/access-log'
import type { Resource } from '@varco/policy'
import type { Visit } from '../visit.ts'

/** How many of the records are canaries of the catalogue. */
export function canariesAmong({ document }: Resource, disclosures: readonly DisclosureDraft[]): number {
  const { canaries } = document
  if (canaries === undefined) return 0
  return disclosures.filter(({ recordKey }) => canaries.includes(recordKey)).length
}

/** Once the entry stands. Whoever was shown the record learns nothing of it. */
export function raiseAlarm({ gate, requestId, trail }: Visit, { name }: Resource, { id }: Appended): void {
  gate.diagnostics.warn('a canary record was shown', { resource: name, event: id, request: requestId })
  const { operator, contract } = trail.attribution
  gate.canaryWatch?.touched({ event: id, resource: name, operator, contract })
}
