import * as z from 'zod'
import {
  contactSchema,
  daySchema,
  frameShape,
  instantSchema,
  madeShape,
  titledSchema,
} from '../report/parts.ts'

/** The record of processing activities (GDPR Art. 30), drawn from the bundle in force at an instant. */

const retentionSchema = z.strictObject({
  archive: titledSchema,
  title: z.string(),
  trigger: titledSchema,
  after: z.string(),
  action: z.enum(['erase', 'anonymise', 'restrict', 'archive']),
  because: z.string(),
})

const activitySchema = z.strictObject({
  purpose: titledSchema.extend({ plain: z.string() }),
  legal_basis: z.string(),
  norm: z.string(),
  data_subjects: z.array(titledSchema),
  categories: z.array(titledSchema.extend({ judicial: z.boolean() })),
  archives: z.array(titledSchema),
  roles: z.array(titledSchema),
  recipients: z.array(
    z.strictObject({
      company: titledSchema,
      contract: z.string(),
      clause: z.string(),
      from: daySchema,
      to: daySchema,
    }),
  ),
  /** Empty: no term is set for the data of this activity. */
  retention: z.array(retentionSchema),
  automated_decisions: z.string().nullable(),
})

const processorSchema = z.strictObject({
  company: titledSchema,
  country: z.string(),
  contact: contactSchema,
  contracts: z.array(
    z.strictObject({
      id: z.string(),
      reference: z.string(),
      title: z.string(),
      from: daySchema,
      to: daySchema,
      mode: z.enum(['enforce', 'observe']),
      activities: z.array(titledSchema.extend({ clause: z.string() })),
      exit: z.strictObject({ delete_within: z.string(), because: z.string() }),
    }),
  ),
  sub_processors: z.array(
    z.strictObject({
      name: z.string(),
      country: z.string(),
      service: z.string(),
      from: daySchema,
      to: daySchema.nullable(),
    }),
  ),
})

const changeSchema = z.strictObject({
  about: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

const processingRegisterContentSchema = z.strictObject({
  format: z.literal('varco/processing-register'),
  ...frameShape,
  as_of: instantSchema,
  /** Art. 30(1). */
  activities: z.array(activitySchema),
  transfers: z.array(
    z.strictObject({ recipient: z.string(), country: z.string(), safeguard: z.string().nullable() }),
  ),
  security: z.array(z.strictObject({ title: z.string(), text: z.string() })),
  /** Art. 30(2): what each processor does for the controller. */
  processors: z.array(processorSchema),
  /** Against an earlier register; `null` when none was asked for. */
  changes: z
    .strictObject({
      since: z.strictObject({ as_of: instantSchema, policy_version: z.string() }),
      items: z.array(changeSchema),
    })
    .nullable(),
})

export const processingRegisterSchema = processingRegisterContentSchema.extend(madeShape)

export type ProcessingRegisterContent = z.infer<typeof processingRegisterContentSchema>
export type ProcessingRegister = z.infer<typeof processingRegisterSchema>
