import * as z from 'zod'
import {
  countSchema,
  daySchema,
  frameShape,
  instantSchema,
  madeShape,
  titledSchema,
} from '../report/parts.ts'

/** A count, or `null` where it is held back to protect few people. */
const publicCountSchema = countSchema.nullable()

/** For publication: how much personal data was looked at, by whom and why. No person, no pseudonym. */
const transparencyReportContentSchema = z.strictObject({
  format: z.literal('varco/transparency-report'),
  ...frameShape,
  /** First and last day, in the body's time zone. */
  period: z.strictObject({ from: daySchema, to: daySchema }),
  /** Counts below this are held back, and others with them so that they cannot be worked out. */
  threshold: z.int(),
  by_month: z.strictObject({
    rows: z.array(
      z.strictObject({
        month: z.string().regex(/^\d{4}-\d{2}$/),
        permitted: publicCountSchema,
        denied: publicCountSchema,
        total: publicCountSchema,
      }),
    ),
    permitted: publicCountSchema,
    denied: publicCountSchema,
    total: publicCountSchema,
  }),
  /** Permitted accesses. */
  by_purpose: z.strictObject({
    /** `null`: the body's own staff. */
    companies: z.array(titledSchema.nullable()),
    rows: z.array(
      z.strictObject({
        purpose: titledSchema.extend({ plain: z.string() }),
        /** One for each company. */
        accesses: z.array(publicCountSchema),
        total: publicCountSchema,
      }),
    ),
    totals: z.array(publicCountSchema),
    total: publicCountSchema,
  }),
  /** Answers to citizens who asked who looked at their data. */
  subject_reports: publicCountSchema,
  log: z.strictObject({ since: instantSchema.nullable(), until: instantSchema.nullable() }),
})

export const transparencyReportSchema = transparencyReportContentSchema.extend(madeShape)

export type TransparencyReportContent = z.infer<typeof transparencyReportContentSchema>
export type TransparencyReport = z.infer<typeof transparencyReportSchema>
