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
 * What a breach reached, recomputed from the access log (GDPR Art. 33, 34): which data, of how many people, and
 * the required contents of the notification, in draft. It names nobody: the people are a list apart.
 */

const fieldSchema = titledSchema.extend({ category: z.string() })

const breachScopeContentSchema = z.strictObject({
  format: z.literal('varco/breach-scope'),
  ...frameShape,
  incident: z.strictObject({
    reference: z.string(),
    description: z.string(),
    /** When the controller became aware, and 72 hours later. */
    aware_at: instantSchema,
    notify_by: instantSchema,
  }),
  /** What was compromised: every part given must hold. */
  scope: z.strictObject({
    from: instantSchema,
    /** Exclusive. */
    to: instantSchema,
    operator: z.string().nullable(),
    company: titledSchema.nullable(),
    contract: z.strictObject({ id: z.string(), reference: z.string() }).nullable(),
    node: z.string().nullable(),
    workstation: z.string().nullable(),
    ticket: z.string().nullable(),
    grant: z.string().nullable(),
    request: z.string().nullable(),
  }),
  figures: z.strictObject({
    accesses: countSchema,
    denied: countSchema,
    records: countSchema,
    data_subjects: countSchema,
    /** Records shown whose owner the body's records no longer tell: erased since, or about nobody. */
    records_without_owner: countSchema,
    /** Records shown whose reference the log no longer has: their data subjects were erased from it since. */
    records_erased: countSchema,
    first: instantSchema.nullable(),
    last: instantSchema.nullable(),
  }),
  by_kind: z.array(titledSchema.extend({ data_subjects: countSchema })),
  by_category: z.array(
    titledSchema.extend({
      judicial: z.boolean(),
      /** People of whom some field of the category was seen in plain; and of whom only masked. */
      in_plain: countSchema,
      masked_only: countSchema,
    }),
  ),
  by_resource: z.array(
    z.strictObject({
      resource: titledSchema,
      accesses: countSchema,
      records: countSchema,
      data_subjects: countSchema,
      plain: z.array(fieldSchema),
      masked: z.array(fieldSchema),
    }),
  ),
  by_day: z.array(z.strictObject({ day: daySchema, accesses: countSchema, records: countSchema })),
  /** Who made the accesses, by pseudonym. */
  by_operator: z.array(
    z.strictObject({
      operator: z.string().nullable(),
      company: titledSchema.nullable(),
      unit: titledSchema.nullable(),
      accesses: countSchema,
    }),
  ),
  /** Art. 33(3). `null`: still to be written by the controller. */
  notification: z.strictObject({
    nature: z.string(),
    contact: z.string(),
    consequences: z.string().nullable(),
    measures: z.string().nullable(),
  }),
})

export const breachScopeSchema = breachScopeContentSchema.extend(madeShape)

export type BreachScopeContent = z.infer<typeof breachScopeContentSchema>
export type BreachScope = z.infer<typeof breachScopeSchema>
