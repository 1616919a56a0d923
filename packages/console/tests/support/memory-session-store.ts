import type { Session, SessionStore } from '@varco/console'

/** Sessions in memory; `rows` may be looked at. */
export function memorySessionStore(): SessionStore & { readonly rows: Map<string, Session> } {
  const rows = new Map<string, Session>()
  return {
    rows,
    insert: async (session) => {
      if (rows.has(session.key)) throw new Error('a session with this key is there already')
      rows.set(session.key, session)
    },
    find: async (key) => rows.get(key) ?? null,
    seen: async (key, at) => {
      const session = rows.get(key)
      if (session !== undefined) rows.set(key, { ...session, seenAt: at })
    },
    remove: async (key) => {
      rows.delete(key)
    },
    sweep: async ({ createdBefore, seenBefore }) => {
      const dead = [...rows.values()].filter(
        ({ createdAt, seenAt }) => createdAt < createdBefore || seenAt < seenBefore,
      )
      for (const { key } of dead) rows.delete(key)
      return dead.length
    },
  }
}
