import { bigint, integer, json, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core'
import { policies } from './policy.ts'

const varco = pgSchema('varco')

export const policyShadowRuns = varco.table('policy_shadow_runs', {
  number: integer('number').primaryKey(),
  candidate: text('candidate').references(() => policies.version),
  setBy: text('set_by').notNull(),
  setAt: bigint('set_at_us', { mode: 'bigint' }).notNull(),
})

const count = (name: string) => bigint(name, { mode: 'number' }).notNull()

export const policyShadowTallies = varco.table(
  'policy_shadow_tallies',
  {
    run: integer('run').notNull(),
    active: text('active').notNull(),
    asked: count('asked'),
    differing: count('differing'),
    recordsNotCompared: count('records_not_compared'),
    left: count('left_out'),
    failed: count('failed'),
  },
  (table) => [primaryKey({ columns: [table.run, table.active] })],
)

export const policyShadowDifferences = varco.table(
  'policy_shadow_differences',
  {
    run: integer('run').notNull(),
    active: text('active').notNull(),
    kind: text('kind').notNull(),
    difference: json('difference').notNull(),
    count: count('count'),
  },
  (table) => [primaryKey({ columns: [table.run, table.active, table.kind] })],
)
