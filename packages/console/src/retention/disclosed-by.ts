import type { DisclosureDraft } from '@varco/access-log'
import type { HoldScope, RestrictionScope } from '@varco/retention'
import { disclosureOf } from '../log/log-routes.tsx'
import type { Visit } from '../visit/visit.ts'

/** Whom somebody is told of who reads what a hold or a restriction covers. */
export function disclosedBy(visit: Visit, scope: HoldScope | RestrictionScope): readonly DisclosureDraft[] {
  switch (scope.kind) {
    case 'record':
      return [{ resource: scope.resource, recordKey: scope.record, dataSubject: null }]
    case 'data-subject':
      return [disclosureOf(visit, scope.dataSubject)]
    case 'stage':
    case 'resource':
    case 'contract':
    case 'query':
      return []
  }
}
