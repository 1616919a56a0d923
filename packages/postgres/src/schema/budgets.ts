import { bigint, integer, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')

/** How many different data subjects a holder has been shown in the stretch of time that begins at `from_us`. */
export const budgets = varco.table(
  'budgets',
  {
    holder: text('holder').notNull(),
    fromUs: bigint('from_us', { mode: 'bigint' }).notNull(),
    most: integer('most').notNull(),
    seen: integer('seen').notNull(),
  },
  (table) => [primaryKey({ columns: [table.holder, table.fromUs] })],
)

/** Which ones, under pseudonyms. */
export const budgetDataSubjects = varco.table(
  'budget_data_subjects',
  {
    holder: text('holder').notNull(),
    fromUs: bigint('from_us', { mode: 'bigint' }).notNull(),
    dataSubject: uuid('data_subject').notNull(),
  },
  (table) => [primaryKey({ columns: [table.holder, table.fromUs, table.dataSubject] })],
)

/** Records a holder was shown, in each of the sixty minutes that end with `minute`. */
export const recordBudgets = varco.table('record_budgets', {
  holder: text('holder').primaryKey(),
  minute: bigint('minute', { mode: 'bigint' }).notNull(),
  shown: integer('shown').array().notNull(),
  taken: integer('taken').notNull(),
})
