import type { FieldName } from '@varco/core'
import type { Resource } from '../bundle/bundle.ts'
import { ProblemList } from '../bundle/problem-list.ts'
import { whereSchema } from '../bundle/schema.ts'
import type { ClosedCondition, Condition } from '../decision/condition.ts'
import { isReference } from './bind-condition.ts'
import { partsOf } from './parts-of.ts'
import { readWhere } from './read-where.ts'

/** A condition that stands in no bundle, such as a legal hold's. */
export type ReadCondition =
  | { readonly ok: true; readonly condition: ClosedCondition; readonly fields: ReadonlySet<FieldName> }
  | { readonly ok: false; readonly problem: string }

/** Reads what a rule's `where` could hold, over a resource's own fields and with constants alone. */
export function readCondition(where: unknown, resource: Resource): ReadCondition {
  const parsed = whereSchema.safeParse(where)
  if (!parsed.success) return { ok: false, problem: 'it is no condition' }
  const problems = new ProblemList()
  const condition = readWhere(parsed.data, resource.fields, [], problems)
  const [first] = problems.found
  if (first !== undefined) {
    const place = first.path.join('.')
    return { ok: false, problem: place === '' ? first.message : `${place}: ${first.message}` }
  }
  const leaves = leavesOf(condition)
  if (leaves.some(refers)) return { ok: false, problem: 'it compares with who asks, and nobody does' }
  const fields = new Set(
    leaves.flatMap((leaf) => [
      ...('field' in leaf ? [leaf.field] : []),
      ...('other' in leaf ? [leaf.other] : []),
    ]),
  )
  // INVARIANT: nothing in it is a reference.
  return { ok: true, condition: condition as ClosedCondition, fields }
}

function leavesOf(condition: Condition): readonly Condition[] {
  const parts = partsOf(condition)
  return parts.length === 0 ? [condition] : parts.flatMap(leavesOf)
}

function refers(leaf: Condition): boolean {
  return Object.values(leaf).some(
    (value) => isReference(value) || (Array.isArray(value) && value.some(isReference)),
  )
}
