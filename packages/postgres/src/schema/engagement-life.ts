import type { CopyEnd, CopyKind, ContractMoveName, ContractState, TicketChange } from '@varco/engagement'
import { bigint, index, integer, json, numeric, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')
const micros = (name: string) => bigint(name, { mode: 'bigint' })

export const contractMoves = varco.table(
  'contract_moves',
  {
    contract: text('contract').notNull(),
    number: integer('number').notNull(),
    move: text('move').$type<ContractMoveName>().notNull(),
    fromState: text('from_state').$type<ContractState['state']>().notNull(),
    toState: text('to_state').$type<ContractState['state']>().notNull(),
    takenBy: text('taken_by').notNull(),
    second: text('second'),
    atUs: micros('at_us').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [primaryKey({ columns: [table.contract, table.number] })],
)

export const contractProposals = varco.table('contract_proposals', {
  contract: text('contract').primaryKey(),
  move: text('move').$type<ContractMoveName>().notNull(),
  operator: text('operator').notNull(),
  pseudonym: text('pseudonym').notNull(),
  atUs: micros('at_us').notNull(),
  reason: text('reason').notNull(),
  successor: text('successor'),
})

export const exitCases = varco.table('exit_cases', {
  contract: text('contract').primaryKey(),
  openedUs: micros('opened_us').notNull(),
  dueUs: micros('due_us').notNull(),
  closedUs: micros('closed_us'),
  revision: integer('revision').notNull(),
  document: json('document').notNull(),
})

export const ticketChanges = varco.table(
  'ticket_changes',
  {
    ticket: text('ticket').notNull(),
    digest: text('digest').notNull(),
    contract: text('contract'),
    atUs: micros('at_us').notNull(),
    receivedUs: micros('received_us').notNull(),
    status: text('status').$type<TicketChange['status']>().notNull(),
    dataSubject: text('data_subject'),
    purpose: text('purpose').notNull(),
    category: text('category'),
    price: numeric('price'),
    sentBy: text('sent_by'),
    source: text('source').$type<TicketChange['source']>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ticket, table.digest] }),
    index('ticket_changes_contract').on(table.contract, table.atUs),
  ],
)

export const copies = varco.table(
  'copies',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<CopyKind>().notNull(),
    contract: text('contract'),
    processor: text('processor'),
    owner: text('owner').notNull(),
    purpose: text('purpose'),
    event: text('event').notNull(),
    records: integer('records'),
    madeUs: micros('made_us').notNull(),
    expiresUs: micros('expires_us').notNull(),
    settledHow: text('settled_how').$type<CopyEnd>(),
    settledBy: text('settled_by'),
    settledUs: micros('settled_us'),
    settledReason: text('settled_reason'),
  },
  (table) => [index('copies_contract').on(table.contract, table.madeUs)],
)
