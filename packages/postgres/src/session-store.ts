import { UnavailableError, type Micros } from '@varco/core'
import { eq, lt, or } from 'drizzle-orm'
import type { Database } from './database.ts'
import { consoleSessions } from './schema/console.ts'

type ConsoleSession = Readonly<typeof consoleSessions.$inferSelect>

/** The console's sessions; fits the console's `SessionStore`, which this package may not import. */
export interface PostgresSessionStore {
  insert(session: ConsoleSession): Promise<void>
  find(key: string): Promise<ConsoleSession | null>
  seen(key: string, at: Micros): Promise<void>
  remove(key: string): Promise<void>
  sweep(bounds: { readonly createdBefore: Micros; readonly seenBefore: Micros }): Promise<number>
}

/** Every method throws `UnavailableError` while the database cannot be reached. */
export function postgresSessionStore({ orm }: Pick<Database, 'orm'>): PostgresSessionStore {
  return {
    insert: (session) =>
      available(async () => {
        await orm.insert(consoleSessions).values(session)
      }),
    find: (key) =>
      available(async () => {
        const rows = await orm.select().from(consoleSessions).where(eq(consoleSessions.key, key))
        return rows[0] ?? null
      }),
    // An update, never an upsert: a request that was under way at logout must not bring the session back.
    seen: (key, at) =>
      available(async () => {
        await orm.update(consoleSessions).set({ seenAt: at }).where(eq(consoleSessions.key, key))
      }),
    remove: (key) =>
      available(async () => {
        await orm.delete(consoleSessions).where(eq(consoleSessions.key, key))
      }),
    sweep: ({ createdBefore, seenBefore }) =>
      available(async () => {
        const dead = or(lt(consoleSessions.createdAt, createdBefore), lt(consoleSessions.seenAt, seenBefore))
        const result = await orm.delete(consoleSessions).where(dead)
        return result.rowCount ?? 0
      }),
  }
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new UnavailableError('session store', { cause })
  }
}
