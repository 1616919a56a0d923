import * as z from 'zod'
import { countSchema, daySchema, frameShape, madeShape, titledSchema } from '../report/parts.ts'

/** Between which values a figure lies, 95 times of a hundred. */
const intervalSchema = z.strictObject({ low: z.number(), high: z.number() }).nullable()

const rowSchema = z.strictObject({
  /** `null`: the body's own units. */
  contract: z
    .strictObject({ id: z.string(), reference: z.string(), title: z.string(), company: titledSchema })
    .nullable(),
  tickets: countSchema,
  episodes: countSchema,
  resolved_episodes: countSchema,
  tickets_per_resolved_episode: z.number().nullable(),
  tickets_per_resolved_episode_interval: intervalSchema,
  splits: countSchema,
  reopenings: countSchema,
  closed_before_resolution: countSchema,
  /** `null` where few people's work would be told. */
  accesses: countSchema.nullable(),
  accesses_without_ticket: countSchema.nullable(),
  tickets_without_access: countSchema.nullable(),
  /** Minutes. */
  time_to_resolution: z.strictObject({ median: countSchema, p90: countSchema }).nullable(),
  /** Euro; `null` where the contract is not paid by ticket. */
  price: z
    .strictObject({
      per_ticket: z.number(),
      total: z.number(),
      per_resolved_episode: z.number().nullable(),
      per_resolved_episode_interval: intervalSchema,
    })
    .nullable(),
})

/** What the tickets of each contract were worth, matter by matter, beside the body's own units. */
const ticketReportContentSchema = z.strictObject({
  format: z.literal('varco/ticket-report'),
  ...frameShape,
  /** First and last day, in the body's time zone. */
  period: z.strictObject({ from: daySchema, to: daySchema }),
  /** Contacts of one data subject on one topic, each within so many days of the one before, are one episode. */
  episode_days: z.int(),
  rows: z.array(rowSchema),
})

export const ticketReportSchema = ticketReportContentSchema.extend(madeShape)

export type TicketReportContent = z.infer<typeof ticketReportContentSchema>
export type TicketReport = z.infer<typeof ticketReportSchema>
export type ReportedTickets = z.infer<typeof rowSchema>
