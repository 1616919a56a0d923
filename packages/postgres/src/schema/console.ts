import { bigint, index, pgSchema, text } from 'drizzle-orm/pg-core'

/** Sessions of the console; times in microseconds. */
export const consoleSessions = pgSchema('varco').table(
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
