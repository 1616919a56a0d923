import { bigint, index, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')

/** Sessions of the console; times in microseconds. */
export const consoleSessions = varco.table(
  'console_sessions',
  {
    /** SHA-256 of the cookie's secret, base64url. */
    key: text('key').primaryKey(),
    issuer: text('issuer').notNull(),
    externalId: text('external_id').notNull(),
    name: text('name'),
    provedAt: bigint('proved_at', { mode: 'bigint' }),
    createdAt: bigint('created_at', { mode: 'bigint' }).notNull(),
    seenAt: bigint('seen_at', { mode: 'bigint' }).notNull(),
  },
  (table) => [index('console_sessions_seen_at').on(table.seenAt)],
)

/** Filters of the log that somebody keeps; times in microseconds. */
export const consoleSearches = varco.table(
  'console_searches',
  {
    /** Pseudonym. */
    owner: text('owner').notNull(),
    name: text('name').notNull(),
    query: text('query').notNull(),
    savedAt: bigint('saved_at', { mode: 'bigint' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.owner, table.name] })],
)
