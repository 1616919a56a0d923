import { UnavailableError, type Micros } from '@varco/core'
import { and, asc, eq } from 'drizzle-orm'
import type { Database } from './database.ts'
import { consoleSearches } from './schema/console.ts'

interface SavedSearch {
  readonly name: string
  readonly query: string
  readonly savedAt: Micros
}

/** Searches people keep; fits the console's `SavedSearches`, which this package may not import. */
export interface PostgresSavedSearches {
  of(owner: string): Promise<readonly SavedSearch[]>
  save(owner: string, search: SavedSearch): Promise<void>
  remove(owner: string, name: string): Promise<void>
}

/** Every method throws `UnavailableError` while the database cannot be reached. */
export function postgresSavedSearches({ orm }: Pick<Database, 'orm'>): PostgresSavedSearches {
  const { owner: ownerColumn, name: nameColumn, query, savedAt } = consoleSearches
  return {
    of: (owner) =>
      available(async () =>
        orm
          .select({ name: nameColumn, query, savedAt })
          .from(consoleSearches)
          .where(eq(ownerColumn, owner))
          .orderBy(asc(nameColumn)),
      ),
    save: (owner, search) =>
      available(async () => {
        await orm
          .insert(consoleSearches)
          .values({ owner, ...search })
          .onConflictDoUpdate({
            target: [ownerColumn, nameColumn],
            set: { query: search.query, savedAt: search.savedAt },
          })
      }),
    remove: (owner, name) =>
      available(async () => {
        await orm.delete(consoleSearches).where(and(eq(ownerColumn, owner), eq(nameColumn, name)))
      }),
  }
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new UnavailableError('saved searches', { cause })
  }
}
