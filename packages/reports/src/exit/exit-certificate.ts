import * as z from 'zod'
import {
  countSchema,
  daySchema,
  frameShape,
  instantSchema,
  madeShape,
  titledSchema,
} from '../report/parts.ts'

const partySchema = z.strictObject({ kind: titledSchema, name: z.string() })

/** That a contract's data were returned or deleted (GDPR Art. 28(3)(g)), and what that statement rests on. */
const exitCertificateContentSchema = z.strictObject({
  format: z.literal('varco/exit-certificate'),
  ...frameShape,
  contract: z.strictObject({
    id: z.string(),
    reference: z.string(),
    title: z.string(),
    company: titledSchema,
    from: daySchema,
    to: daySchema,
  }),
  /** `complete`: chosen, declared by all, no copy left, verified by two people. Otherwise it says what is missing. */
  complete: z.boolean(),
  cause: titledSchema,
  state: titledSchema.nullable(),
  opened: z.strictObject({ at: instantSchema, by: z.string() }),
  due: instantSchema,
  overdue: z.boolean(),
  /** Who goes on with the open tickets; `null`: the body itself. */
  successor: titledSchema.nullable(),
  tickets_moved: countSchema,
  grants_revoked: countSchema,
  choice: z.strictObject({ kind: titledSchema, at: instantSchema, by: z.string() }).nullable(),
  declarations: z.array(
    partySchema.extend({
      /** SHA-256 of the signed document, in hexadecimal. */
      document: z.string(),
      signed_on: daySchema,
      recorded_by: z.string(),
      recorded_at: instantSchema,
    }),
  ),
  missing: z.array(partySchema),
  copies: z.array(
    z.strictObject({
      id: z.string(),
      kind: titledSchema,
      owner: z.string(),
      purpose: titledSchema.nullable(),
      event: z.string(),
      records: countSchema.nullable(),
      made_at: instantSchema,
      end: z
        .strictObject({ how: titledSchema, by: z.string(), at: instantSchema, reason: z.string() })
        .nullable(),
    }),
  ),
  verified: z.strictObject({ by: z.string(), second: z.string(), at: instantSchema }).nullable(),
  /** The steps of the contract's life that were taken, oldest first. */
  steps: z.array(
    z.strictObject({
      at: instantSchema,
      step: titledSchema,
      by: z.string(),
      second: z.string().nullable(),
      reason: z.string(),
    }),
  ),
})

export const exitCertificateSchema = exitCertificateContentSchema.extend(madeShape)

export type ExitCertificateContent = z.infer<typeof exitCertificateContentSchema>
export type ExitCertificate = z.infer<typeof exitCertificateSchema>
