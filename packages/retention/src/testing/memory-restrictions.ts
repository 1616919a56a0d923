import type { Restriction, RestrictionStore } from '../restriction.ts'

/** Restrictions that end with their process. */
export function memoryRestrictions(): RestrictionStore {
  const known = new Map<string, Restriction>()
  const recorded = new Set<string>()
  return {
    addRestriction: async (restriction) => {
      if (!known.has(restriction.id)) known.set(restriction.id, restriction)
    },
    noteRecorded: async (id) => {
      recorded.add(id)
    },
    unrecorded: async () => [...known.values()].filter(({ id }) => !recorded.has(id)),
    restriction: async (id) => known.get(id) ?? null,
    liftRestriction: async (restriction) => {
      if (known.get(restriction.id)?.liftedAt !== null) return false
      known.set(restriction.id, restriction)
      return true
    },
    restrictions: async () => [...known.values()].filter(({ liftedAt }) => liftedAt === null),
  }
}
