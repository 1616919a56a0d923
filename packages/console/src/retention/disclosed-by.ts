import type { DisclosureDraft } from '@varco/access-log'
import { asId } from '@varco/core'
import { namedValues, readCondition } from '@varco/policy'
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
    case 'query':
      return namedByCondition(visit, scope)
    case 'stage':
    case 'resource':
    case 'contract':
      return []
  }
}

/** The data subjects and the records that a hold's condition names by their keys. One that is not readable is not shown. */
function namedByCondition(
  visit: Visit,
  scope: Extract<HoldScope, { readonly kind: 'query' }>,
): readonly DisclosureDraft[] {
  const resource = visit.bundle.resources.get(asId(scope.resource))
  const read = resource && readCondition(scope.where, resource)
  if (resource === undefined || read?.ok !== true) return []
  const { key, dataSubject } = resource
  const named = (field: typeof key) => [...namedValues(read.condition, field)].map(String)
  const people =
    dataSubject === null
      ? []
      : named(dataSubject.field).map((id) => disclosureOf(visit, { kind: dataSubject.kind, id }))
  // Of a resource whose key is its data subject’s the records are the people.
  const records = dataSubject?.field === key ? [] : named(key)
  return [
    ...people,
    ...records.map((recordKey) => ({ resource: scope.resource, recordKey, dataSubject: null })),
  ]
}
