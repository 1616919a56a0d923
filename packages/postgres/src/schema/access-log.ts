import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  json,
  pgSchema,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const varco = pgSchema('varco')

const tree = { writer: text('writer').notNull(), epoch: integer('epoch').notNull() }
const atUs = bigint('at_us', { mode: 'bigint' }).notNull()

/** Where each tree stands. */
export const heads = varco.table(
  'heads',
  {
    ...tree,
    size: bigint('size', { mode: 'number' }).notNull(),
    atUs,
    frontier: bytea('frontier').notNull(),
  },
  (table) => [primaryKey({ columns: [table.writer, table.epoch] })],
)

/** The entries; partitioned by month on `at_us`. */
export const events = varco.table(
  'events',
  {
    ...tree,
    seq: bigint('seq', { mode: 'number' }).notNull(),
    atUs,
    body: json('body').notNull(),
    operator: text('operator'),
    ticket: text('ticket'),
    act: text('act'),
    denied: boolean('denied').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.writer, table.epoch, table.seq, table.atUs] }),
    index('events_at').on(table.atUs, table.writer, table.epoch, table.seq),
    index('events_operator')
      .on(table.operator, table.atUs)
      .where(sql`operator IS NOT NULL`),
    index('events_ticket')
      .on(table.ticket, table.atUs)
      .where(sql`ticket IS NOT NULL`),
    index('events_denied')
      .on(table.atUs)
      .where(sql`denied`),
    index('events_acts')
      .on(table.act, table.atUs)
      .where(sql`act IS NOT NULL`),
    index('events_of_records')
      .on(sql`(body -> 'detail' ->> 'record')`)
      .where(sql`act IN ('retention-event-told', 'retention-event-withdrawn')`),
  ],
)

/** What can be forgotten of the entries; partitioned by month on `at_us`. */
export const disclosures = varco.table(
  'disclosures',
  {
    ...tree,
    seq: bigint('seq', { mode: 'number' }).notNull(),
    pos: integer('pos').notNull(),
    atUs,
    subject: uuid('subject'),
    resource: text('resource'),
    recordKey: text('record_key'),
    salt: bytea('salt').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.writer, table.epoch, table.seq, table.pos, table.atUs] }),
    index('disclosures_subject')
      .on(table.subject, table.atUs)
      .where(sql`subject IS NOT NULL`),
    index('disclosures_record')
      .on(table.recordKey, table.atUs)
      .where(sql`record_key IS NOT NULL`),
  ],
)

/** Signed tree heads. */
export const checkpoints = varco.table(
  'checkpoints',
  {
    ...tree,
    size: bigint('size', { mode: 'number' }).notNull(),
    atUs,
    note: text('note').notNull(),
    leaves: bytea('leaves').notNull(),
  },
  (table) => [primaryKey({ columns: [table.writer, table.epoch, table.size] })],
)

/** Hashes of complete subtrees. */
export const tiles = varco.table(
  'tiles',
  {
    ...tree,
    level: integer('level').notNull(),
    idx: bigint('idx', { mode: 'number' }).notNull(),
    hash: bytea('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.writer, table.epoch, table.level, table.idx] })],
)

/** Sealed identities behind pseudonyms. */
export const identities = varco.table('identities', {
  pseudonym: text('pseudonym').primaryKey(),
  sealed: bytea('sealed').notNull(),
})

/** Requests to open one; times in microseconds. */
export const identityRequests = varco.table('identity_requests', {
  id: text('id').primaryKey(),
  pseudonym: text('pseudonym').notNull(),
  caseId: text('case_id').notNull(),
  reason: text('reason').notNull(),
  requestedBy: text('requested_by').notNull(),
  requestedUs: bigint('requested_us', { mode: 'bigint' }).notNull(),
  outcome: text('outcome', { enum: ['opened', 'refused'] }),
  decidedBy: text('decided_by'),
  decidedUs: bigint('decided_us', { mode: 'bigint' }),
})
