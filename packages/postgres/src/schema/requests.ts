import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgSchema, text } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')
const micros = (name: string) => bigint(name, { mode: 'bigint' })

/** Requests of data subjects; times in microseconds. */
export const requests = varco.table(
  'requests',
  {
    id: text('id').primaryKey(),
    right: text('right').notNull(),
    receivedUs: micros('received_us').notNull(),
    channel: text('channel').notNull(),
    identifier: text('identifier'),
    replyTo: text('reply_to'),
    identityState: text('identity_state').notNull(),
    identityAskedUs: micros('identity_asked_us'),
    identitySettledUs: micros('identity_settled_us'),
    extendedUs: micros('extended_us'),
    extendedBy: text('extended_by'),
    extensionReason: text('extension_reason'),
    outcome: text('outcome'),
    outcomeUs: micros('outcome_us'),
    outcomeBy: text('outcome_by'),
    answer: text('answer'),
    ground: text('ground'),
    refusalReason: text('refusal_reason'),
    reminded: integer('reminded'),
    version: integer('version').notNull(),
  },
  (table) => [
    index('requests_open')
      .on(table.receivedUs, table.id)
      .where(sql`outcome IS NULL`),
    index('requests_received').on(table.receivedUs, table.id),
  ],
)

/** The last number given in each year. */
export const requestNumbers = varco.table('request_numbers', {
  year: integer('year').primaryKey(),
  last: integer('last').notNull(),
})
