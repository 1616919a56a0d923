import * as z from 'zod'
import {
  contactSchema,
  countSchema,
  daySchema,
  frameShape,
  instantSchema,
  madeShape,
  proofSchema,
  titledSchema,
} from '../report/parts.ts'

/**
 * What a citizen receives when they ask who looked at their data (GDPR Art. 15; CJEU C-154/21, C-579/21).
 * This value holds every fact; JSON, HTML and PDF are three ways to show it. Texts are in the report's
 * language, instants RFC 3339 in UTC with microseconds, days ISO 8601 in the body's time zone.
 */

const accessSchema = z.strictObject({
  event: z.string(),
  at: instantSchema,
  kind: z.string(),
  /** The external company; `null`: the body's own staff. */
  company: titledSchema.nullable(),
  contract: z.strictObject({ id: z.string(), reference: z.string() }).nullable(),
  unit: titledSchema.nullable(),
  role: titledSchema.nullable(),
  /** Pseudonym. Names of staff are opened only after a recorded balancing (C-579/21). */
  operator: z.string().nullable(),
  purpose: z.strictObject({ id: z.string(), title: z.string(), plain: z.string() }).nullable(),
  ticket: z.string().nullable(),
  action: z.string().nullable(),
  resource: titledSchema.nullable(),
  records: z.array(z.strictObject({ resource: titledSchema, key: z.string() })),
  plain: z.array(titledSchema),
  masked: z.array(titledSchema),
  policy_version: z.string().nullable(),
  proof: proofSchema.nullable(),
})

/** One of the staff who is named after all: the balancing of C-579/21 was made for this request, and the log has it. */
const identitySchema = z.strictObject({
  /** The pseudonym of the accesses. */
  operator: z.string(),
  issuer: z.string(),
  external_id: z.string(),
  balancing: z.strictObject({
    /** Why the data subject's interest weighs more than the worker's. */
    reason: z.string(),
    requested_by: z.string(),
    approved_by: z.string(),
    at: instantSchema,
    event: z.string(),
    proof: proofSchema.nullable(),
  }),
})

const spanSchema = z.strictObject({
  accesses: countSchema,
  first: instantSchema.nullable(),
  last: instantSchema.nullable(),
})

const contractSchema = z.strictObject({
  id: z.string(),
  reference: z.string(),
  title: z.string(),
  from: daySchema,
  to: daySchema,
  purposes: z.array(titledSchema),
  seen: spanSchema,
})

const recipientSchema = z.strictObject({
  company: titledSchema,
  country: z.string(),
  contact: contactSchema,
  contracts: z.array(contractSchema),
  sub_processors: z.array(
    z.strictObject({
      name: z.string(),
      country: z.string(),
      service: z.string(),
      from: daySchema,
      to: daySchema.nullable(),
    }),
  ),
  seen: spanSchema,
})

const purposeSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  plain: z.string(),
  legal_basis: z.string(),
  norm: z.string(),
  categories: z.array(titledSchema),
  automated_decisions: z.string().nullable(),
  accesses: countSchema,
})

const archiveSchema = z.strictObject({
  resource: titledSchema,
  description: z.string().nullable(),
  origin: z.string().nullable(),
  categories: z.array(z.strictObject({ id: z.string(), title: z.string(), judicial: z.boolean() })),
  records: countSchema,
  retention: z.array(
    z.strictObject({
      rule: z.string(),
      title: z.string(),
      trigger: titledSchema,
      after: z.string(),
      action: z.enum(['erase', 'anonymise', 'restrict', 'archive']),
      because: z.string(),
    }),
  ),
})

const copySchema = z.strictObject({
  resource: titledSchema,
  fields: z.array(
    z.strictObject({ id: z.string(), title: z.string(), type: z.string(), category: z.string() }),
  ),
  records: z.array(
    z.strictObject({
      key: z.string(),
      /** One for each field; `null`: the record has no value. */
      values: z.array(
        z.union([z.string(), z.null(), z.strictObject({ withheld: z.literal('third-parties') })]),
      ),
    }),
  ),
})

const logSchema = z.strictObject({
  origin: z.string().nullable(),
  /** The first entry of the log that is still there; earlier accesses cannot be known. */
  since: instantSchema.nullable(),
  until: instantSchema.nullable(),
  retention: z.strictObject({ floor: z.string(), ceiling: z.string(), because: z.string() }),
  writers: z.array(
    z.strictObject({
      writer: z.string(),
      epoch: z.int(),
      since: instantSchema.nullable(),
      size: countSchema,
      root: z.string(),
      at: instantSchema,
    }),
  ),
  /** Entries that record removals from the log: parts past their term, and links to data subjects erased. */
  removals: z.array(
    z.strictObject({
      event: z.string(),
      at: instantSchema,
      kind: z.enum(['log-pruned', 'disclosures-erased']),
    }),
  ),
})

/** Everything but how the report was made: what its hash in the log covers. */
const subjectReportContentSchema = z.strictObject({
  format: z.literal('varco/subject-report'),
  ...frameShape,
  about: z.strictObject({
    /** The identifier the request gave, such as a tax code. */
    identifier: z.string().nullable(),
    /** Number of the request it answers. */
    request: z.string().nullable(),
    data_subjects: z.array(
      z.strictObject({
        kind: z.string(),
        title: z.string(),
        id: z.string(),
        name: z.array(z.string()),
        in_records: z.boolean(),
      }),
    ),
  }),
  confirmation: z.strictObject({ code: z.enum(['records', 'accesses', 'nothing']), text: z.string() }),
  summary: z.strictObject({
    seen: spanSchema,
    by_company: z.array(
      z.strictObject({
        company: titledSchema.nullable(),
        units: z.array(titledSchema),
        purposes: z.array(titledSchema),
        seen: spanSchema,
      }),
    ),
    by_month: z.array(z.strictObject({ month: z.string().regex(/^\d{4}-\d{2}$/), accesses: countSchema })),
  }),
  /** Newest first. */
  accesses: z.array(accessSchema),
  identities: z.array(identitySchema),
  purposes: z.array(purposeSchema),
  archives: z.array(archiveSchema),
  recipients: z.array(recipientSchema),
  transfers: z.strictObject({
    text: z.string(),
    outside: z.array(
      z.strictObject({ recipient: z.string(), country: z.string(), safeguard: z.string().nullable() }),
    ),
  }),
  automated_decisions: z.string(),
  rights: z.array(z.strictObject({ article: z.string(), title: z.string(), text: z.string() })),
  complaint: z.string(),
  copy: z.array(copySchema),
  log: logSchema,
})

export const subjectReportSchema = subjectReportContentSchema.extend(madeShape)

export type SubjectReportContent = z.infer<typeof subjectReportContentSchema>
export type SubjectReport = z.infer<typeof subjectReportSchema>
export type ReportedAccess = SubjectReport['accesses'][number]
export type DisclosedIdentity = SubjectReport['identities'][number]
export type Span = z.infer<typeof spanSchema>
