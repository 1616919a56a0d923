import { localizedSchema } from '@varco/core'
import * as z from 'zod'
import { APPROVALS } from './approval.ts'
import { isCron } from './cron.ts'
import { oversightFileSchema } from './oversight-schema.ts'
import { upstreamFileSchema } from './upstream-schema.ts'
import { upstreamSourceSchema } from './upstream-source-schema.ts'

/**
 * The shapes of the bundle's files, one schema per file. Unknown keys are errors everywhere.
 * Cross-references (a rule's resource, a field's category) are checked by the loader, which knows the lines.
 */

const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'must be lower-case letters, digits, dots and dashes')
const nameSchema = z
  .string()
  .regex(/^(?!__)[a-z_][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and underscores')
const dateSchema = z.iso.date()
const durationSchema = z
  .string()
  .regex(
    /^P(?!$)(\d{1,4}Y)?(\d{1,5}M)?(\d{1,6}D)?$/,
    'must be an ISO 8601 period in years, months, days: P10Y',
  )
const becauseSchema = z.string().min(10, 'must say the norm or the clause')
const scalarSchema = z.union([z.string(), z.number(), z.boolean()])
/** A line end in an address is dropped by whoever opens it, and shows to whoever reads it as lines of their own. */
const addressSchema = z
  .url()
  .refine((text) => !/[\s\p{Cc}]/u.test(text), 'must be an address without spaces or line ends')
/** Names in one rule: more than any person reads, and few enough that no list of them makes the loader hang. */
const MOST_NAMES = 1_000

export const ACTIONS = ['read', 'search', 'count', 'export', 'update'] as const
export const actionSchema = z.enum(ACTIONS)
export type Action = z.infer<typeof actionSchema>

/**
 * PostgreSQL's own, by its names: it compares a range with one of the very same type only. No rule looks into one; `where`
 * asks whether there is one.
 */
export const RANGE_TYPES = [
  'int4range',
  'int8range',
  'numrange',
  'daterange',
  'tsrange',
  'tstzrange',
] as const
export type RangeType = (typeof RANGE_TYPES)[number]

export const FIELD_TYPES = [
  'text',
  'integer',
  'decimal',
  'boolean',
  'date',
  'timestamp',
  'uuid',
  'text[]',
  'json',
  ...RANGE_TYPES,
] as const
export const fieldTypeSchema = z.enum(FIELD_TYPES)
export type FieldType = z.infer<typeof fieldTypeSchema>

const RANGES: ReadonlySet<FieldType> = new Set(RANGE_TYPES)

export function isRangeType(type: FieldType): type is RangeType {
  return RANGES.has(type)
}

export const MASKS = ['last4', 'partial', 'redact', 'year', 'hmac'] as const
export const maskSchema = z.enum(MASKS)
/**
 * `last4` keeps the last four characters; `partial` the first and the last ones; `redact` nothing;
 * `year` the year of a date; `hmac` a keyed pseudonym, equal for equal values under one key.
 */
export type MaskName = z.infer<typeof maskSchema>

// --- varco.yaml ---

const contactSchema = z.strictObject({
  name: z.string().min(1),
  address: z.string().min(1).optional(),
  email: z.email(),
  phone: z.string().min(1).optional(),
})

/** What a token must be bound to so that whoever took it cannot use it: a key (RFC 9449) or a certificate (RFC 8705). */
const PROOFS_OF_POSSESSION = ['dpop', 'client-certificate'] as const

const identityProviderSchema = z.strictObject({
  /** The `iss` its tokens carry; the deployment says where it is reached, if elsewhere. */
  issuer: addressSchema,
  /** Tokens not bound like this are refused. Absent: whoever bears a token may use it. */
  proof_of_possession: z.enum(PROOFS_OF_POSSESSION).optional(),
})

/**
 * What lets an employer keep a record of its workers' accesses (L. 300/1970, art. 4(1)): an agreement with the unions, or
 * the labour inspectorate's leave in its place.
 */
const workersAgreementSchema = z.strictObject({
  kind: z.enum(['union-agreement', 'inspectorate-leave']),
  with: z.string().min(1),
  signed: dateSchema,
  /** Where the signed text is kept. */
  reference: z.string().min(1),
  /** SHA-256 of the signed text, in hexadecimal. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal')
    .optional(),
})
export type WorkersAgreement = z.infer<typeof workersAgreementSchema>

/** Just-in-time permissions: who gives them, for how long, and what must follow an access nobody gave. */
const grantSettingsSchema = z.strictObject({
  /** Roles of the body's own staff that decide for the resources of their unit. */
  approver_roles: z.array(idSchema).min(1),
  /** The longest a grant lasts, in minutes. */
  longest_minutes: z.int().positive().max(1440).default(120),
  break_glass: z
    .strictObject({
      /** Roles that may give themselves a grant in an emergency. */
      roles: z.array(idSchema).min(1),
      longest_minutes: z.int().positive().max(1440).default(30),
      /** Within which the owning unit must have reviewed it. */
      review_within: durationSchema,
    })
    .optional(),
  because: becauseSchema,
})

/** Of how many different data subjects records may be shown, counted by all nodes together. */
const budgetSchema = z
  .strictObject({
    /** In one hour of the clock. */
    data_subjects_per_hour: z.int().positive().optional(),
    /** In one day, from midnight UTC. */
    data_subjects_per_day: z.int().positive().optional(),
  })
  .refine((budget) => Object.keys(budget).length > 0, 'a budget says how many in an hour, in a day or both')

export const varcoFileSchema = z.strictObject({
  controller: z.strictObject({
    id: idSchema,
    name: z.string().min(1),
    /** Short name used in pages and reports. */
    short: z.string().min(1),
    contact: contactSchema,
    dpo: contactSchema,
    supervisor: z.strictObject({ name: z.string().min(1), address: z.string().min(1), web: addressSchema }),
    identity_provider: identityProviderSchema,
    /** Of the body's own staff. Absent: none is recorded, and the audit of the log says so. */
    workers_agreement: workersAgreementSchema.optional(),
  }),
  locale: z.enum(['it', 'en']),
  time_zone: z.string().min(1),
  log: z.strictObject({ floor: durationSchema, ceiling: durationSchema, because: becauseSchema }),
  /** How long a backup still holds what was erased: certificates of destruction say when the last one ends. */
  backups: z.strictObject({ kept_for: durationSchema, because: becauseSchema }).optional(),
  /** GDPR data categories; `judicial: true` marks Art. 10 data. */
  categories: z.record(
    idSchema,
    z.strictObject({ title: localizedSchema, judicial: z.boolean().default(false) }),
  ),
  roles: z.record(
    idSchema,
    z.strictObject({
      title: localizedSchema,
      /** A program in this role may ask what others may see (AuthZEN): of its own contract, or for the body's own of anybody. */
      asks_for_others: z.boolean().optional(),
    }),
  ),
  /** `email`: where the unit reads that a grant is asked of it. */
  units: z.record(idSchema, z.strictObject({ title: localizedSchema, email: z.email().optional() })),
  grants: grantSettingsSchema.optional(),
  /** How long a copy that leaves as a file may be kept. */
  copies: z.strictObject({ keep: durationSchema, because: becauseSchema }).optional(),
  /** Who of the body's own staff moves contracts from one state to the next. */
  contract_management: z.strictObject({ roles: z.array(idSchema).min(1), because: becauseSchema }).optional(),
  /** For each operator whose contract says nothing else, and for the body's own staff. */
  budgets: z.strictObject({ operator: budgetSchema, because: becauseSchema }).optional(),
  /** Kinds of data subject: the resource that holds them, how to find one, what to call one. */
  data_subjects: z.record(
    idSchema,
    z.strictObject({
      title: localizedSchema,
      resource: nameSchema,
      find_by: z.array(nameSchema).min(1),
      name: z.array(nameSchema).min(1),
    }),
  ),
})

// --- catalogue/*.yaml: one resource a file ---

export const catalogueFileSchema = z.strictObject({
  resource: nameSchema,
  title: localizedSchema,
  description: localizedSchema.optional(),
  /** Where the records are: a table of the body's database, or an upstream alone. */
  source: z.union([
    z.strictObject({
      relation: z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'must be schema.table'),
    }),
    upstreamSourceSchema,
  ]),
  key: nameSchema,
  /** The unit that answers for these records and may grant them one at a time. Absent: no grant can be asked for. */
  owner: idSchema.optional(),
  /** The field that holds the data subject's key, and its kind. Absent: the record is about nobody. */
  data_subject: z.strictObject({ kind: idSchema, field: nameSchema }).optional(),
  /** Keys of records that no honest task touches, made up for this: whoever is shown one raises an alert. */
  canaries: z.array(z.string().min(1).max(256)).min(1).optional(),
  /** Where the data come from (GDPR Art. 15(1)(g)). */
  origin: localizedSchema.optional(),
  fields: z.record(
    nameSchema,
    z.strictObject({
      type: fieldTypeSchema,
      category: idSchema,
      title: localizedSchema,
      nullable: z.boolean().default(false),
      /** Also about other people (free notes, a relative's name): left out of the copy a data subject gets (GDPR Art. 15(4)). */
      third_parties: z.boolean().optional(),
    }),
  ),
  relations: z
    .record(
      nameSchema,
      z.strictObject({
        resource: nameSchema,
        field: nameSchema,
        to: nameSchema,
        many: z.boolean().default(false),
      }),
    )
    .default({}),
})

// --- purposes.yaml ---

export const LEGAL_BASES = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interests',
  'public-task',
  'legitimate-interests',
] as const

export const purposesFileSchema = z.strictObject({
  purposes: z.record(
    idSchema,
    z.strictObject({
      title: localizedSchema,
      /** What a citizen reads in the report: plain words, a full sentence. */
      plain: localizedSchema,
      /** GDPR Art. 6(1). */
      legal_basis: z.enum(LEGAL_BASES),
      norm: z.string().min(1),
      categories: z.array(idSchema).min(1),
      /** The logic and the consequences of a decision taken by machine alone (GDPR Art. 22). Absent: there is none. */
      automated_decisions: localizedSchema.optional(),
    }),
  ),
})

// --- processors/*.yaml: one company a file ---

export const contractSchema = z.strictObject({
  id: idSchema,
  reference: z.string().min(1),
  title: localizedSchema,
  /** First and last day, in the bundle's time zone. */
  from: dateSchema,
  to: dateSchema,
  /** `observe`: work outside the annex is let through and evidenced, not blocked. */
  mode: z.enum(['enforce', 'observe']).default('enforce'),
  annex: z.array(z.strictObject({ purpose: idSchema, clause: z.string().min(1) })).min(1),
  exit: z.strictObject({ delete_within: durationSchema, because: becauseSchema }),
  /** `operator`: for each of its people, in place of the body's own figure; `contract`: for all of them together. */
  budgets: z
    .strictObject({
      operator: budgetSchema.optional(),
      contract: budgetSchema.optional(),
      because: becauseSchema,
    })
    .optional(),
})

export const processorFileSchema = z.strictObject({
  processor: idSchema,
  name: z.string().min(1),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 country code'),
  /** What protects the data outside the European Economic Area (GDPR Art. 45 to 49). */
  safeguard: localizedSchema.optional(),
  contact: contactSchema,
  identity_provider: identityProviderSchema,
  /** Of this company's staff. Absent: none is recorded, and the audit of the log says so. */
  workers_agreement: workersAgreementSchema.optional(),
  sub_processors: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        country: z.string().regex(/^[A-Z]{2}$/),
        service: localizedSchema,
        from: dateSchema,
        to: dateSchema.optional(),
        safeguard: localizedSchema.optional(),
      }),
    )
    .default([]),
  contracts: z.array(contractSchema).min(1),
})

// --- access/*.yaml ---

/** `$principal.unit`, `$contract.id`, `$ticket.data_subject`, `$grant.record`, `$now`, `$record.other_field`. */
const operandSchema = scalarSchema
const comparisonSchema = z
  .strictObject({
    eq: operandSchema,
    neq: operandSchema,
    in: z.union([z.array(scalarSchema), z.string().startsWith('$')]),
    nin: z.union([z.array(scalarSchema), z.string().startsWith('$')]),
    lt: operandSchema,
    lte: operandSchema,
    gt: operandSchema,
    gte: operandSchema,
    between: z.tuple([operandSchema, operandSchema]),
    exists: z.boolean(),
    contains: operandSchema,
    prefix: z.string().min(1),
  })
  .partial()
  .refine((ops) => Object.keys(ops).length > 0, 'must name an operator')

/** `field: { op: value }` pairs, all of which must hold, and the connectives `and`, `or`, `not`. */
export interface WhereDocument {
  and?: WhereDocument[] | undefined
  or?: WhereDocument[] | undefined
  not?: WhereDocument | undefined
  [field: string]: z.infer<typeof comparisonSchema> | WhereDocument[] | WhereDocument | undefined
}

export const whereSchema: z.ZodType<WhereDocument> = z.lazy(() =>
  z
    .object({
      and: z.array(whereSchema).min(1).optional(),
      or: z.array(whereSchema).min(1).optional(),
      not: whereSchema.optional(),
    })
    .catchall(comparisonSchema)
    .refine((where) => Object.keys(where).length > 0, 'must hold a condition'),
) as z.ZodType<WhereDocument>

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item).min(1).max(MOST_NAMES), item.transform((one) => [one])]) as unknown as z.ZodType<
    z.infer<T>[]
  >

export const ruleSchema = z.strictObject({
  id: idSchema,
  effect: z.enum(['permit', 'forbid']),
  /** One or several; absent on a forbid: everyone. */
  role: oneOrMore(idSchema).optional(),
  actions: z.array(actionSchema).min(1).max(ACTIONS.length),
  resource: nameSchema,
  /** Absent on a forbid: every purpose. */
  purposes: z.array(idSchema).min(1).max(MOST_NAMES).optional(),
  /** Contracts or `internal`; absent: any. */
  contracts: z.array(idSchema).min(1).max(MOST_NAMES).optional(),
  where: whereSchema.optional(),
  /** On a permit what is shown and how; on a forbid what is hidden (absent: the whole record). */
  fields: z
    .strictObject({
      plain: z.array(nameSchema).default([]),
      masked: z.record(nameSchema, maskSchema).default({}),
      hidden: z.array(nameSchema).default([]),
    })
    .optional(),
  require: z
    .strictObject({
      ticket: z.enum(['open', 'none']).default('none'),
      max_records_per_hour: z.int().positive().optional(),
      grant: z.boolean().default(false),
      /** The caller must have proved who they are anew, with a second factor. */
      step_up: z.literal(true).optional(),
      /** What the caller is told beside the data. */
      notice: localizedSchema.optional(),
    })
    .default({ ticket: 'none', grant: false }),
  because: becauseSchema,
})

export const accessFileSchema = z.strictObject({ rules: z.array(ruleSchema).min(1) })

// --- retention/*.yaml ---

export const DISPOSITIONS = ['erase', 'anonymise', 'restrict', 'archive'] as const
export const ON_REQUEST = ['erase', 'restrict', 'withhold'] as const
/** `clear` leaves no value, `redact` a dash, `year` the first of January. A pseudonym is still personal data. */
export const RETENTION_MASKS = ['clear', 'redact', 'year'] as const

const triggerSchema = z.strictObject({ field: nameSchema })
/** The last of a date among the records of one of the catalogue's relations, such as the last invoice of a plant. */
const lastOfSchema = z.strictObject({ relation: nameSchema, field: nameSchema })
/** What somebody tells of a record that stands in none of its fields, such as an account's closing: its name, and what it is called. */
const eventSchema = z.strictObject({ id: idSchema, title: localizedSchema })
/** A day, or that of what else must have happened if that is later. No day, or nothing happened: the term does not end. */
const awaitingTriggerSchema = triggerSchema.extend({
  event: eventSchema.optional(),
  /** The end of the contract whose id the record has in this field, as its life has it. */
  contract_end: nameSchema.optional(),
})
const alignSchema = z.enum(['month-end', 'year-end'])

const retentionRuleSchema = z.strictObject({
  id: idSchema,
  resource: nameSchema,
  /** The unit whose records these are: its word is the owner's. Absent: the resource's own. */
  owner: idSchema.optional(),
  /** The day the term runs from, or that of the event, of the contract's end or of the last related record if that is later. No day, no term: the record stays. */
  trigger: awaitingTriggerSchema.extend({ last_of: lastOfSchema.optional() }),
  after: durationSchema,
  /** The term is rounded up to the end of its month or year. */
  align: alignSchema.optional(),
  action: z.enum(DISPOSITIONS),
  /** How each field is anonymised; fields not named stay as they are. */
  masks: z.record(nameSchema, z.enum(RETENTION_MASKS)).optional(),
  /** How all fields of a data category are anonymised, those to come as well; `masks` says otherwise of single ones. */
  masks_by_category: z.record(idSchema, z.enum(RETENTION_MASKS)).optional(),
  /** Fields that together might still tell who it was: so many anonymised records at least must agree in all of them. */
  quasi_identifiers: z
    .strictObject({ fields: z.array(nameSchema).min(1), at_least: z.int().min(2).max(1000) })
    .optional(),
  /** Terms of other norms before which the record may not go: the longest holds. */
  keep_at_least: z
    .array(
      z.strictObject({
        trigger: awaitingTriggerSchema,
        after: durationSchema,
        align: alignSchema.optional(),
        because: becauseSchema,
      }),
    )
    .min(1)
    .optional(),
  /** What a request of the data subject (GDPR Art. 17) does to a record whose term still runs. Absent: it is withheld, for the rule's norm. */
  on_request: z.enum(ON_REQUEST).optional(),
  /** Who must agree to each plan. Absent: the owner and then the DPO. */
  approval: z.enum(APPROVALS).optional(),
  /** When plans are made by themselves: cron's five fields, in the bundle's time zone. Absent: by command alone. */
  schedule: z.string().refine(isCron, 'must be the five fields of cron, each within its range').optional(),
  title: localizedSchema,
  because: becauseSchema,
})

export const retentionFileSchema = z.strictObject({ rules: z.array(retentionRuleSchema).min(1) })

// --- cases/*.yaml: golden cases ---

export const CONTRACT_STATES = [
  'active',
  'notice',
  'insolvent',
  'terminated',
  'frozen',
  'returning',
  'verified',
  'closed',
  'draft',
] as const

export const caseSchema = z.strictObject({
  id: idSchema,
  title: z.string().min(1),
  now: z.iso.datetime({ offset: true }),
  as: z.strictObject({
    /** A contract's id, or `internal`. */
    contract: idSchema,
    role: idSchema,
    unit: idSchema,
    attributes: z.record(nameSchema, z.union([scalarSchema, z.array(scalarSchema)])).default({}),
    /** Live state of the contract; absent: active. */
    state: z.enum(CONTRACT_STATES).optional(),
  }),
  purpose: idSchema.optional(),
  /** `unknown`: one was sent that does not exist. */
  ticket: z
    .union([
      z.strictObject({
        status: z.enum(['open', 'closed']),
        data_subject: z.string(),
        purpose: idSchema,
        opened_at: z.iso.datetime({ offset: true }),
      }),
      z.literal('unknown'),
    ])
    .optional(),
  /** What is absent is the case's own; absent `record` and `data_subject`: every record. `ticket: other`: bound to another. */
  grant: z
    .strictObject({
      resource: nameSchema.optional(),
      record: z.string().optional(),
      data_subject: z.string().optional(),
      action: actionSchema.optional(),
      purpose: idSchema.optional(),
      ticket: z.enum(['own', 'other']).optional(),
      expires_at: z.iso.datetime({ offset: true }),
    })
    .optional(),
  action: actionSchema,
  resource: nameSchema,
  /** Fields not given are NULL. Absent: the decision before any record, each field's best outcome. */
  record: z.record(z.string(), z.json()).optional(),
  /** `plain` and `masked`, where given, are complete; `hidden` and `reasons` name what must be among them. */
  expect: z.strictObject({
    decision: z.enum(['permit', 'deny']),
    plain: z.array(nameSchema).optional(),
    masked: z.array(nameSchema).optional(),
    hidden: z.array(nameSchema).optional(),
    reasons: z.array(z.string()).optional(),
  }),
})

export const casesFileSchema = z.strictObject({ cases: z.array(caseSchema).min(1) })

// --- the whole bundle, as stored and hashed ---

export const bundleDocumentSchema = z.strictObject({
  varco: varcoFileSchema,
  catalogue: z.array(catalogueFileSchema).min(1),
  purposes: purposesFileSchema.shape.purposes,
  processors: z.array(processorFileSchema),
  access: z.array(ruleSchema),
  retention: z.array(retentionRuleSchema),
  cases: z.array(caseSchema),
  /** Absent: the watch keeps to its default thresholds, and knows nothing of people. */
  oversight: oversightFileSchema.optional(),
  /** Absent when there are none: versions of before there were any stay what they are. */
  upstreams: z.array(upstreamFileSchema).min(1).optional(),
})

export type ProofOfPossession = (typeof PROOFS_OF_POSSESSION)[number]
/** The bundle as one JSON value; its canonical form's SHA-256 is the policy version. */
export type BundleDocument = z.infer<typeof bundleDocumentSchema>
export type RuleDocument = z.infer<typeof ruleSchema>
export type RetentionRuleDocument = z.infer<typeof retentionRuleSchema>
export type CaseDocument = z.infer<typeof caseSchema>
export type CatalogueDocument = z.infer<typeof catalogueFileSchema>
export type ProcessorDocument = z.infer<typeof processorFileSchema>
export type ContractDocument = z.infer<typeof contractSchema>
