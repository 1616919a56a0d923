import type { SavedSearch, SavedSearches } from '../../src/log/saved-searches.ts'

/** Saved searches in memory. */
export function memorySavedSearches(): SavedSearches {
  const rows = new Map<string, Map<string, SavedSearch>>()
  return {
    of: async (owner) => [...(rows.get(owner)?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)),
    save: async (owner, search) => {
      rows.set(owner, new Map(rows.get(owner)).set(search.name, search))
    },
    remove: async (owner, name) => {
      rows.get(owner)?.delete(name)
    },
  }
}
