import type { Relation, Resource } from './bundle.ts'

/**
 * The table of a resource that the database has.
 * INVARIANT: whoever asks has turned away what is behind an upstream alone.
 */
export function storedRelation({ relation, name }: Pick<Resource, 'relation' | 'name'>): Relation {
  if (relation === null) throw new TypeError(`the database has no records of ${name}`)
  return relation
}
