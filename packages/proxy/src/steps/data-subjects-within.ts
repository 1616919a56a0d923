import type { DataSubjectRef, FieldName } from '@varco/core'
import type { ClosedCondition, Permit, Resource } from '@varco/policy'

/** The only data subjects whose records a permit reaches, whatever is asked; `null`: there is no saying. */
export function dataSubjectsWithin(
  { dataSubject }: Resource,
  { rowFilter }: Permit,
): readonly DataSubjectRef[] | null {
  if (dataSubject === null) return []
  const { kind, field } = dataSubject
  return valuesWithin(rowFilter, field)?.map((id) => ({ kind, id })) ?? null
}

/** The only values a field has where the condition is true; `null`: it may have others, or some that are no text. */
function valuesWithin(condition: ClosedCondition, field: FieldName): readonly string[] | null {
  switch (condition.op) {
    case 'eq':
      return condition.field === field && 'value' in condition ? texts([condition.value]) : null
    case 'in':
      return condition.field === field ? texts(condition.values) : null
    case 'and':
      return condition.of.map((each) => valuesWithin(each, field)).find((each) => each !== null) ?? null
    case 'is-true':
      return valuesWithin(condition.of, field)
    default:
      return null
  }
}

function texts(values: readonly unknown[]): readonly string[] | null {
  return values.every((value) => typeof value === 'string') ? values : null
}
