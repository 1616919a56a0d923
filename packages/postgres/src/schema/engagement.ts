import type { ContractState, GrantReview, GrantState } from '@varco/engagement'
import type { Action } from '@varco/policy'
import { bigint, index, integer, json, pgSchema, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'

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
  state: text('state').$type<ContractState['state']>().notNull(),
  sinceUs: bigint('since_us', { mode: 'bigint' }).notNull(),
})

export const grants = varco.table('grants', {
  id: text('id').primaryKey(),
  operator: text('operator').notNull(),
  pseudonym: text('pseudonym').notNull(),
  processor: text('processor'),
  contract: text('contract'),
  role: text('role').notNull(),
  unit: text('unit').notNull(),
  resource: text('resource').notNull(),
  record: text('record'),
  dataSubject: text('data_subject'),
  action: text('action').$type<Action>().notNull(),
  purpose: text('purpose').notNull(),
  ticket: text('ticket').notNull(),
  reason: text('reason').notNull(),
  owner: text('owner').notNull(),
  norm: text('norm'),
  askedUs: bigint('asked_us', { mode: 'bigint' }).notNull(),
  minutes: integer('minutes').notNull(),
  state: text('state').$type<GrantState>().notNull(),
  decidedBy: text('decided_by'),
  decidedUs: bigint('decided_us', { mode: 'bigint' }),
  expiresUs: bigint('expires_us', { mode: 'bigint' }),
  revokedBy: text('revoked_by'),
  revokedUs: bigint('revoked_us', { mode: 'bigint' }),
  reviewDueUs: bigint('review_due_us', { mode: 'bigint' }),
  reviewedBy: text('reviewed_by'),
  reviewedUs: bigint('reviewed_us', { mode: 'bigint' }),
  reviewOutcome: text('review_outcome').$type<GrantReview['outcome']>(),
  reviewNote: text('review_note'),
  revision: integer('revision').notNull(),
})
