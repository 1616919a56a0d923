import { bigint, pgSchema, text } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')

/** Whose orders people follow, as they said beforehand; times in microseconds. */
export const instructions = varco.table('instructions', {
  pseudonym: text('pseudonym').primaryKey(),
  operator: text('operator').notNull(),
  instructedBy: text('instructed_by').notNull(),
  fromUs: bigint('from_us', { mode: 'bigint' }).notNull(),
  untilUs: bigint('until_us', { mode: 'bigint' }).notNull(),
})
