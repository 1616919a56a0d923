import * as z from 'zod'
import {
  countSchema,
  daySchema,
  frameShape,
  instantSchema,
  madeShape,
  titledSchema,
} from '../report/parts.ts'

/**
 * The yearly internal audit of the log (Garante 192/2011, point 4.4; Garante 27.11.2008, point 4.4): whether it is whole,
 * how long it is kept, what it counted, who did what with it, and what became of the alerts.
 */
const auditReportContentSchema = z.strictObject({
  format: z.literal('varco/audit-report'),
  ...frameShape,
  /** First and last day, in the body's time zone. */
  period: z.strictObject({ from: daySchema, to: daySchema }),
  integrity: z.strictObject({
    /** Whether the whole log, recomputed from its entries, is the one that was signed. */
    whole: z.boolean(),
    events: countSchema,
    disclosures: countSchema,
    trees: z.array(
      z.strictObject({
        writer: z.string(),
        epoch: z.int(),
        size: countSchema,
        root: z.string(),
        /** How many of its entries something outside the database vouches for. */
        witnessed: countSchema,
      }),
    ),
    findings: z.array(z.strictObject({ kind: z.string(), place: z.string().nullable(), text: z.string() })),
  }),
  retention: z.strictObject({
    floor: z.string(),
    ceiling: z.string(),
    because: z.string(),
    /** The oldest entry that is still there. */
    oldest: instantSchema.nullable(),
    /** Whether the oldest entry is older than the ceiling allows: months are due to be dropped. */
    overdue: z.boolean(),
  }),
  /** What allows each employer's staff to be recorded (L. 300/1970, art. 4): the body's, and each company's at work in the period. */
  workers_agreements: z.array(
    z.strictObject({
      /** `null`: the body's own staff. */
      employer: titledSchema.nullable(),
      /** `null`: none is recorded. */
      agreement: z
        .strictObject({
          kind: z.enum(['union-agreement', 'inspectorate-leave']),
          with: z.string(),
          signed: daySchema,
          reference: z.string(),
          /** Of the signed text. */
          sha256: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  /** Of whole months that are over; `null` where held back, and where there are none. */
  accesses: z.strictObject({
    /** First and last day of them; `null`: the period has none. */
    counted: z.strictObject({ from: daySchema, to: daySchema }).nullable(),
    /** Counts behind which there are fewer people of one contract in a month are held back. */
    threshold: countSchema,
    permitted: countSchema.nullable(),
    denied: countSchema.nullable(),
    by_month: z.array(
      z.strictObject({
        month: z.string().regex(/^\d{4}-\d{2}$/),
        permitted: countSchema.nullable(),
        denied: countSchema.nullable(),
        total: countSchema.nullable(),
      }),
    ),
    by_company: z.array(
      z.strictObject({
        /** `null`: the body's own staff. */
        company: titledSchema.nullable(),
        permitted: countSchema.nullable(),
        denied: countSchema.nullable(),
      }),
    ),
  }),
  /** Entries of each kind in the period, accesses apart. */
  other_entries: z.array(z.strictObject({ kind: titledSchema, entries: countSchema })),
  /** Acts that change what can be seen, or what the log can tell, oldest first. */
  acts: z.array(
    z.strictObject({
      event: z.string(),
      at: instantSchema,
      kind: titledSchema,
      /** Pseudonym of who acted; `null` where a process did. */
      by: z.string().nullable(),
    }),
  ),
  /** `null` where nothing watches the log. */
  alerts: z
    .strictObject({ raised: countSchema, explained: countSchema, confirmed: countSchema, open: countSchema })
    .nullable(),
})

export const auditReportSchema = auditReportContentSchema.extend(madeShape)

export type AuditReportContent = z.infer<typeof auditReportContentSchema>
export type AuditReport = z.infer<typeof auditReportSchema>
