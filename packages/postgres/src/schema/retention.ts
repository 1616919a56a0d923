import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')
const micros = (name: string) => bigint(name, { mode: 'bigint' })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const tally = (name: string) => integer(name).notNull().default(0)

/** Plans of retention, and the certificate of each that was carried out. */
export const retentionPlans = varco.table(
  'retention_plans',
  {
    id: text('id').primaryKey(),
    plannedUs: micros('planned_us').notNull(),
    state: text('state').notNull(),
    plan: text('plan').notNull(),
    revision: integer('revision').notNull(),
    certificate: text('certificate'),
    outcome: text('outcome'),
    sole: text('sole'),
  },
  (table) => [
    index('retention_plans_planned').on(table.plannedUs.desc(), table.id),
    uniqueIndex('retention_plans_sole').on(table.sole),
  ],
)

/** Keys of a plan still to be settled. */
export const retentionPages = varco.table(
  'retention_pages',
  {
    id: micros('id').primaryKey().generatedAlwaysAsIdentity(),
    plan: text('plan')
      .notNull()
      .references(() => retentionPlans.id, { onDelete: 'cascade' }),
    rule: text('rule').notNull(),
    todo: text('todo').array().notNull(),
    begun: text('begun').array(),
    pass: tally('pass'),
    open: boolean('open').notNull().default(true),
    done: tally('done'),
    held: tally('held'),
    referenced: tally('referenced'),
    notDue: tally('not_due'),
    busy: tally('busy'),
    gone: tally('gone'),
    foundAgain: tally('found_again'),
    identifiable: tally('identifiable'),
    notReached: tally('not_reached'),
    upstream: tally('upstream'),
  },
  (table) => [
    index('retention_pages_open')
      .on(table.plan, table.rule, table.pass, table.id)
      .where(sql`open`),
    index('retention_pages_plan').on(table.plan, table.rule),
  ],
)

/** What hangs on records of a plan behind an upstream, and is to go before them. */
export const upstreamOutbox = varco.table(
  'upstream_outbox',
  {
    plan: text('plan')
      .notNull()
      .references(() => retentionPlans.id, { onDelete: 'cascade' }),
    rule: text('rule').notNull(),
    resource: text('resource').notNull(),
    tie: text('tie').notNull(),
    parent: text('parent').notNull(),
    begun: text('begun')
      .array()
      .notNull()
      .default(sql`'{}'`),
    sinceUs: micros('since_us').notNull(),
    attempts: tally('attempts'),
    outcome: text('outcome'),
    notBeforeUs: micros('not_before_us').notNull(),
    abandoned: boolean('abandoned').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.plan, table.rule, table.resource, table.tie, table.parent] }),
    index('upstream_outbox_waiting')
      .on(table.plan, table.notBeforeUs)
      .where(sql`NOT abandoned`),
  ],
)

/** Legal holds. */
export const holds = varco.table(
  'holds',
  {
    id: text('id').primaryKey(),
    scope: text('scope').notNull(),
    case: text('case').notNull(),
    reason: text('reason').notNull(),
    placedBy: text('placed_by').notNull(),
    placedUs: micros('placed_us').notNull(),
    reviewUs: micros('review_us'),
    reviewedBy: text('reviewed_by'),
    reviewedUs: micros('reviewed_us'),
    reviewReason: text('review_reason'),
    releasedBy: text('released_by'),
    releasedUs: micros('released_us'),
    recorded: boolean('recorded').notNull().default(false),
  },
  (table) => [
    index('holds_in_force')
      .on(table.placedUs, table.id)
      .where(sql`released_us IS NULL`),
    index('holds_unrecorded')
      .on(table.placedUs, table.id)
      .where(sql`NOT recorded`),
  ],
)

/** What was told of records by hand, as keyed hashes; of each record and event the last counts. */
export const recordEvents = varco.table(
  'record_events',
  {
    number: micros('number').primaryKey().generatedAlwaysAsIdentity(),
    id: text('id').notNull().unique(),
    resource: text('resource').notNull(),
    hash: bytea('hash').notNull(),
    event: text('event').notNull(),
    onDay: text('on_day'),
    toldBy: text('told_by').notNull(),
    toldUs: micros('told_us').notNull(),
    seal: text('seal'),
  },
  (table) => [index('record_events_latest').on(table.resource, table.event, table.hash, table.number.desc())],
)

/** What nobody may use any more, though it is kept. */
export const restrictions = varco.table(
  'restrictions',
  {
    id: text('id').primaryKey(),
    scope: text('scope').notNull(),
    reason: text('reason').notNull(),
    placedBy: text('placed_by').notNull(),
    placedUs: micros('placed_us').notNull(),
    liftedBy: text('lifted_by'),
    liftedUs: micros('lifted_us'),
    request: text('request'),
    recorded: boolean('recorded').notNull().default(false),
  },
  (table) => [
    index('restrictions_unrecorded')
      .on(table.placedUs, table.id)
      .where(sql`NOT recorded`),
    index('restrictions_in_force')
      .on(table.placedUs, table.id)
      .where(sql`lifted_us IS NULL`),
  ],
)

/** What recipients are still to be told, or were (GDPR Art. 19). */
export const recipientNotices = varco.table(
  'recipient_notices',
  {
    id: text('id').primaryKey(),
    request: text('request').notNull(),
    act: text('act').notNull(),
    processor: text('processor').notNull(),
    contract: text('contract').notNull(),
    dataSubjectKind: text('data_subject_kind'),
    dataSubjectId: text('data_subject_id'),
    resources: text('resources').array().notNull(),
    copies: text('copies').array().notNull(),
    queuedUs: micros('queued_us').notNull(),
    settledHow: text('settled_how'),
    settledBy: text('settled_by'),
    settledUs: micros('settled_us'),
    settledNote: text('settled_note'),
  },
  (table) => [
    index('recipient_notices_waiting')
      .on(table.queuedUs, table.id)
      .where(sql`settled_how IS NULL`),
  ],
)

/** Of each rule with a schedule: until when its occurrences have been seen to. */
export const retentionSchedules = varco.table('retention_schedules', {
  rule: text('rule').primaryKey(),
  seenUs: micros('seen_us').notNull(),
  plan: text('plan'),
})

/** What went, slice by slice, by keyed hashes of the keys. */
export const tombstones = varco.table(
  'tombstones',
  {
    plan: text('plan').notNull(),
    rule: text('rule').notNull(),
    resource: text('resource').notNull(),
    action: text('action').notNull(),
    atUs: micros('at_us').notNull(),
    hashes: bytea('hashes').array().notNull(),
  },
  (table) => [
    index('tombstones_plan').on(table.plan, table.rule),
    index('tombstones_resource').on(table.resource, table.action),
  ],
)
