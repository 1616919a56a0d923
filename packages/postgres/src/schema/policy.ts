import { bigint, integer, json, pgSchema, text } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')

export const policies = varco.table('policies', {
  version: text('version').primaryKey(),
  document: json('document').notNull(),
  putBy: text('put_by').notNull(),
  putAt: bigint('put_at_us', { mode: 'bigint' }).notNull(),
})

export const policyActivations = varco.table('policy_activations', {
  number: integer('number').primaryKey(),
  version: text('version')
    .notNull()
    .references(() => policies.version),
  activatedBy: text('activated_by').notNull(),
  activatedAt: bigint('activated_at_us', { mode: 'bigint' }).notNull(),
  previous: text('previous').references(() => policies.version),
})
