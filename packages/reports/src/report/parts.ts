import { LOCALES, type Localized } from '@varco/core'
import type { Bundle, BundleDocument } from '@varco/policy'
import * as z from 'zod'

/** What all reports are made of. Instants are RFC 3339 in UTC with microseconds, days ISO 8601. */
export const instantSchema = z.iso.datetime({ precision: 6 })
export const daySchema = z.iso.date()
export const countSchema = z.int().nonnegative()
export const titledSchema = z.strictObject({ id: z.string(), title: z.string() })
export type Titled = z.infer<typeof titledSchema>

export const contactSchema = z.strictObject({
  name: z.string(),
  address: z.string().nullable(),
  email: z.string(),
  phone: z.string().nullable(),
})
export type Contact = z.infer<typeof contactSchema>

export const controllerSchema = z.strictObject({
  name: z.string(),
  short: z.string(),
  contact: contactSchema,
  dpo: contactSchema,
  supervisor: z.strictObject({ name: z.string(), address: z.string(), web: z.string() }),
})

/** RFC 6962 audit path to one of the report's `checkpoints`. */
export const proofSchema = z.strictObject({
  /** The log entry's exact bytes, as hashed. */
  body: z.string(),
  index: z.string(),
  size: z.string(),
  path: z.array(z.string()),
  /** Position in `checkpoints`. */
  checkpoint: countSchema,
})
export type ReportedProof = z.infer<typeof proofSchema>

/** First keys of every report's content. */
export const frameShape = {
  version: z.literal(1),
  locale: z.enum(LOCALES),
  time_zone: z.string(),
  /** SHA-256 of the bundle the report speaks of. */
  policy_version: z.string(),
  controller: controllerSchema,
} as const

/** What is added when the making of a report has been recorded. */
export const madeShape = {
  made: z.strictObject({
    at: instantSchema,
    /** Pseudonym of who asked for it. */
    by: z.string(),
    /** The log entry that records the making; it carries `content`. */
    event: z.string(),
    /** SHA-256, in hexadecimal, of the canonical JSON (RFC 8785) of this report without `made` and without `checkpoints`. */
    content: z.string().regex(/^[0-9a-f]{64}$/),
    proof: proofSchema.nullable(),
  }),
  /** Signed notes (C2SP tlog-checkpoint) that the proofs lead to. */
  checkpoints: z.array(z.string()),
} as const
export type Made = z.infer<typeof madeShape.made>

/** The frame of a report on this bundle. */
export function frameOf(bundle: Bundle, locale: keyof Localized) {
  const { controller, time_zone } = bundle.document.varco
  return {
    version: 1,
    locale,
    time_zone,
    policy_version: bundle.version,
    controller: {
      name: controller.name,
      short: controller.short,
      contact: contactOf(controller.contact),
      dpo: contactOf(controller.dpo),
      supervisor: controller.supervisor,
    },
  } as const
}

/** An address as the bundle writes it, with what is missing said as `null`. */
export function contactOf(contact: BundleDocument['varco']['controller']['contact']): Contact {
  const { name, address, email, phone } = contact
  return { name, address: address ?? null, email, phone: phone ?? null }
}
