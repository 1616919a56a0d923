import type { FieldName } from '@varco/core'
import type { RecordFilter, RelatedSet, Resource } from '@varco/policy'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import { compareField, NOT_FOR_TYPE } from './compare-field.ts'
import { compareJson } from './compare-json.ts'
import type { FilterLeaf, FilterNode } from './query.ts'

/** Records of another resource that belong to one, by the name under which a query embeds them. */
export type EmbeddedSets = ReadonlyMap<string, RelatedSet>

/**
 * Every value is parsed to its field's type here, so that no comparison can fail on a row, and an error tell of it.
 * @param node names only fields of the resource, and only embeds that are in the sets
 */
export function toRecordFilter(
  node: FilterNode,
  resource: Resource,
  embedded: EmbeddedSets,
): RecordFilter | Refusal {
  if (node.kind === 'leaf') return fromLeaf(node, resource)
  if (node.kind === 'embedded') {
    const related = embedded.get(node.as)
    return negateIf(node.negated, related === undefined ? { kind: 'any', of: [] } : relatedTo(related))
  }
  const parts: RecordFilter[] = []
  for (const each of node.of) {
    const part = toRecordFilter(each, resource, embedded)
    if ('refused' in part) return part
    parts.push(part)
  }
  return negateIf(node.negated, { kind: node.operator === 'and' ? 'all' : 'any', of: parts })
}

export function relatedTo({ from, to, set }: RelatedSet): RecordFilter {
  return { kind: 'related', field: from, to, set }
}

function fromLeaf(leaf: FilterLeaf, { fields }: Resource): RecordFilter | Refusal {
  const field = leaf.field as FieldName
  const type = fields.get(field)?.type ?? 'json'
  if (leaf.at === undefined && type !== 'json')
    return negatedUnlessRefused(leaf, compareField(leaf, field, type))
  if (type !== 'json' && type !== 'text[]') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
  const { path, as } = leaf.at ?? { path: [], as: 'json' }
  if (as === 'json') return negatedUnlessRefused(leaf, compareJson(leaf, field, path))
  const of = compareField(leaf, field, 'text')
  return negatedUnlessRefused(leaf, 'refused' in of ? of : { kind: 'at', field, path, as, of })
}

function negatedUnlessRefused(
  { negated }: FilterLeaf,
  filter: RecordFilter | Refusal,
): RecordFilter | Refusal {
  return 'refused' in filter ? filter : negateIf(negated, filter)
}

function negateIf(negated: boolean, filter: RecordFilter): RecordFilter {
  return negated ? { kind: 'not', of: filter } : filter
}
