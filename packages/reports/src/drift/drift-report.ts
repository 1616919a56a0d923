import * as z from 'zod'
import { countSchema, frameShape, instantSchema, madeShape, titledSchema } from '../report/parts.ts'

const monthSchema = z.string().regex(/^\d{4}-\d{2}$/)
/** Held back (`null`) where too few people are behind it. */
const heldCountSchema = countSchema.nullable()
/** Hundredths, to one decimal. */
const shareSchema = z.number().nonnegative().nullable()

const rowSchema = z.strictObject({
  /** The purpose, action or category; empty where none was given. */
  value: titledSchema,
  /** Whether the annex covers it. */
  contracted: z.boolean(),
  clause: z.string().nullable(),
  accesses: heldCountSchema,
  refused: heldCountSchema,
  share: shareSchema,
  monthly: z.array(z.strictObject({ month: monthSchema, accesses: heldCountSchema, share: shareSchema })),
  /** By how many hundredths the share grows in a month. */
  trend: z.number().nullable(),
  first_seen: instantSchema,
  /** Entries of the log that show it. */
  evidence: z.array(z.string()),
})

const declaredRowSchema = z.strictObject({
  value: titledSchema,
  contracted: z.boolean(),
  clause: z.string().nullable(),
  /** Whole hours, as workers declared them. */
  hours: heldCountSchema,
  monthly: z.array(z.strictObject({ month: monthSchema, hours: heldCountSchema })),
})

/** What one contract was worked on, held against its annex: the contract's mix, no operator's. */
const driftReportContentSchema = z.strictObject({
  format: z.literal('varco/scope-drift-report'),
  ...frameShape,
  contract: z.strictObject({
    id: z.string(),
    reference: z.string(),
    title: z.string(),
    company: titledSchema,
  }),
  /** First and last month. */
  period: z.strictObject({ from: monthSchema, to: monthSchema }),
  /** Counts behind which there are fewer people are held back, and others with them. */
  min_group: z.int(),
  accesses: countSchema.nullable(),
  /** Hundredths of all accesses that no clause covers; `null` where `accesses` is held back. */
  outside: z.number().nonnegative().nullable(),
  /** Whether it may be more than that, for counts are held back. */
  outside_at_least: z.boolean(),
  purposes: z.array(rowSchema),
  actions: z.array(rowSchema),
  categories: z.array(rowSchema),
  /** Work off the system, which no access shows: declared by workers without their names. */
  declared: z.strictObject({
    hours: heldCountSchema,
    purposes: z.array(declaredRowSchema),
    /** Closed months alone. */
    months: z.array(
      z.strictObject({
        month: monthSchema,
        /** SHA-256 of the key that signed the month's tokens. */
        key: z.string(),
        /** Entries of the log about the key and the closing. */
        evidence: z.array(z.string()),
        /** Declarations left out, for their token is not signed. */
        unsigned: countSchema,
      }),
    ),
  }),
})

export const driftReportSchema = driftReportContentSchema.extend(madeShape)

export type DriftReportContent = z.infer<typeof driftReportContentSchema>
export type DriftReport = z.infer<typeof driftReportSchema>
export type ReportedDrift = z.infer<typeof rowSchema>
