import { bigint, index, json, pgSchema, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')

/** People and services as an identity provider knows them. */
export const operators = varco.table(
  'operators',
  {
    id: text('id').primaryKey(),
    issuer: text('issuer').notNull(),
    externalId: text('external_id').notNull(),
    kind: text('kind').$type<'person' | 'workload'>().notNull(),
  },
  (table) => [uniqueIndex('operators_issuer_external_id').on(table.issuer, table.externalId)],
)

/** Who works for which contract (`null`: the body), from (inclusive) to (exclusive), in microseconds. */
export const assignments = varco.table(
  'assignments',
  {
    operator: text('operator')
      .notNull()
      .references(() => operators.id),
    contract: text('contract'),
    pseudonym: text('pseudonym').notNull(),
    role: text('role').notNull(),
    unit: text('unit').notNull(),
    attributes: json('attributes').notNull(),
    fromUs: bigint('from_us', { mode: 'bigint' }).notNull(),
    toUs: bigint('to_us', { mode: 'bigint' }),
  },
  (table) => [primaryKey({ columns: [table.operator, table.pseudonym, table.fromUs] })],
)

export const tickets = varco.table(
  'tickets',
  {
    id: text('id').primaryKey(),
    contract: text('contract'),
    dataSubject: text('data_subject'),
    purpose: text('purpose').notNull(),
    status: text('status').$type<'open' | 'closed'>().notNull(),
    openedUs: bigint('opened_us', { mode: 'bigint' }).notNull(),
    closedUs: bigint('closed_us', { mode: 'bigint' }),
  },
  (table) => [index('tickets_data_subject').on(table.dataSubject)],
)

export const contractStates = varco.table('contract_states', {
  contract: text('contract').primaryKey(),
  processor: text('processor').notNull(),
  state: text('state').notNull(),
  sinceUs: bigint('since_us', { mode: 'bigint' }).notNull(),
})
