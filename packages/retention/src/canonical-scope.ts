import { asId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { canonicalKey } from './canonical-key.ts'
import type { HoldScope } from './hold.ts'
import type { RestrictionScope } from './restriction.ts'

/** The scope with its key as the catalogue's types write it; `null`: it names what no record and no data subject can be. */
export function canonicalScope<Scope extends HoldScope | RestrictionScope>(
  bundle: Bundle,
  scope: Scope,
): Scope | null {
  switch (scope.kind) {
    case 'record': {
      const resource = bundle.resources.get(asId(scope.resource))
      const record = resource === undefined ? null : canonicalKey(resource, resource.key, scope.record)
      return record === null ? null : { ...scope, record }
    }
    case 'data-subject': {
      const { kind, id } = scope.dataSubject
      const canonical = canonicalPerson(bundle, kind, id)
      return canonical === null ? null : { ...scope, dataSubject: { kind, id: canonical } }
    }
    case 'resource':
    case 'contract':
    case 'query':
    case 'stage':
      return scope
  }
}

/** Where resources write a person's key in different types each reads the given text in its own. */
function canonicalPerson({ resources }: Bundle, kind: string, id: string): string | null {
  const about = [...resources.values()].filter(({ dataSubject }) => dataSubject?.kind === kind)
  const spellings = new Set(
    about.flatMap((resource) =>
      resource.dataSubject === null ? [] : [canonicalKey(resource, resource.dataSubject.field, id)],
    ),
  )
  if (about.length === 0) return id
  spellings.delete(null)
  const [only = null] = spellings
  return spellings.size > 1 ? id : only
}
