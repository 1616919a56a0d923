import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  json,
  pgSchema,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')
const us = (name: string) => bigint(name, { mode: 'bigint' })
const count = (name: string) => bigint(name, { mode: 'number' }).notNull()

/** What the watch goes on from: one row. */
export const oversightWatch = varco.table('oversight_watch', {
  job: text('job').primaryKey(),
  version: count('version'),
  position: json('position').notNull(),
  ticketsTo: us('tickets_to_us').notNull(),
  refusals: json('refusals').notNull(),
})

/** A pseudonym's day, kept only as long as a rule may look back. */
export const oversightDays = varco.table(
  'oversight_days',
  {
    operator: text('operator').notNull(),
    day: integer('day').notNull(),
    contract: text('contract'),
    role: text('role').notNull(),
    unit: text('unit').notNull(),
    profile: json('profile').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.operator, table.day] }),
    index('oversight_days_day').on(table.day),
  ],
)

/** What kinds of work each contract does, by month. */
export const oversightWork = varco.table(
  'oversight_work',
  {
    contract: text('contract').notNull(),
    month: text('month').notNull(),
    dimension: text('dimension', { enum: ['purpose', 'action', 'category'] }).notNull(),
    value: text('value').notNull(),
    decision: text('decision', { enum: ['permit', 'deny'] }).notNull(),
    accesses: count('accesses'),
    firstUs: us('first_us').notNull(),
    lastUs: us('last_us').notNull(),
    evidence: text('evidence').array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.contract, table.month, table.dimension, table.value, table.decision] }),
  ],
)

/** What was refused, by month. */
export const oversightRefusals = varco.table(
  'oversight_refusals',
  {
    contract: text('contract').notNull(),
    month: text('month').notNull(),
    purpose: text('purpose').notNull(),
    resource: text('resource').notNull(),
    reason: text('reason').notNull(),
    field: text('field').notNull(),
    refusals: count('refusals'),
    granted: count('granted'),
    minutes: count('minutes'),
  },
  (table) => [
    primaryKey({
      columns: [table.contract, table.month, table.purpose, table.resource, table.reason, table.field],
    }),
  ],
)

/** Permitted accesses of days that are over. An empty text is no contract, no purpose. */
export const ticketUses = varco.table(
  'ticket_uses',
  {
    contract: text('contract').notNull(),
    day: date('day').notNull(),
    purpose: text('purpose').notNull(),
    accesses: count('accesses'),
    without: count('without'),
  },
  (table) => [primaryKey({ columns: [table.contract, table.day, table.purpose] })],
)

/** Those of them that named a ticket nobody knew. */
export const ticketUsesUnknown = varco.table(
  'ticket_uses_unknown',
  {
    ticket: text('ticket').notNull(),
    contract: text('contract').notNull(),
    day: date('day').notNull(),
    purpose: text('purpose').notNull(),
    accesses: count('accesses'),
  },
  (table) => [primaryKey({ columns: [table.ticket, table.contract, table.day, table.purpose] })],
)

/** When each ticket was first and last named by them. */
export const ticketSpans = varco.table('ticket_spans', {
  ticket: text('ticket').primaryKey(),
  firstUs: us('first_us').notNull(),
  lastUs: us('last_us').notNull(),
})

/** How far they are counted: one row. */
export const ticketUseProgress = varco.table('ticket_use_progress', {
  job: text('job').primaryKey(),
  zone: text('zone').notNull(),
  countedTo: date('counted_to'),
})

/** Who is behind a count: hashes under its own key. */
export const oversightWorkers = varco.table('oversight_workers', {
  counted: text('counted').primaryKey(),
  workers: uuid('workers').array().notNull(),
  fifthUs: us('fifth_us'),
})

export const alerts = varco.table(
  'alerts',
  {
    id: text('id').primaryKey(),
    key: text('key').notNull(),
    generation: integer('generation').notNull(),
    rule: text('rule').notNull(),
    operator: text('operator'),
    contract: text('contract'),
    facts: json('facts').notNull(),
    events: text('events').array().notNull(),
    eventCount: count('event_count'),
    firstUs: us('first_us').notNull(),
    lastUs: us('last_us').notNull(),
    raisedUs: us('raised_us').notNull(),
    state: text('state', { enum: ['open', 'explained', 'confirmed'] }).notNull(),
    answeredBy: text('answered_by'),
    answeredUs: us('answered_us'),
    reason: text('reason'),
    notifyByUs: us('notify_by_us'),
  },
  (table) => [unique('alerts_key_generation_key').on(table.key, table.generation)],
)

/** What the worker an alert is about says of it. */
export const alertContests = varco.table(
  'alert_contests',
  {
    alert: text('alert')
      .notNull()
      .references(() => alerts.id),
    atUs: us('at_us').notNull(),
    text: text('text').notNull(),
  },
  (table) => [primaryKey({ columns: [table.alert, table.atUs] })],
)

/** Keyed hashes of data subjects. */
export const oversightPeople = varco.table('oversight_people', {
  lookup: uuid('lookup').primaryKey(),
  identity: uuid('identity'),
  household: uuid('household'),
  family: uuid('family'),
  chance: doublePrecision('chance'),
  place: uuid('place'),
  region: text('region'),
  vip: boolean('vip').notNull(),
})

/** People to be told of whoever looks at them. */
export const oversightLists = varco.table(
  'oversight_lists',
  {
    lookup: uuid('lookup').notNull(),
    list: text('list', { enum: ['vip', 'canary'] }).notNull(),
    putBy: text('put_by').notNull(),
    putUs: us('put_us').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [primaryKey({ columns: [table.lookup, table.list] })],
)

/** Keyed hashes of those who work. */
export const oversightStaff = varco.table('oversight_staff', {
  pseudonym: text('pseudonym').primaryKey(),
  identity: uuid('identity'),
  household: uuid('household'),
  family: uuid('family'),
})
