import * as z from 'zod'

/** What may explain an access before an alert is raised: a ticket about the data subject that was open then, a grant the decision rested on, a role whose task it is. */
export const EXPLANATIONS = ['ticket', 'grant', 'role'] as const

const nameSchema = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/)
const idSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 07:30')

interface Defaults {
  readonly at_least: number
  readonly within_days: number
  readonly explained_by: readonly (typeof EXPLANATIONS)[number][]
}

/** `at_least` so many within so many days, one operator's, none of them explained. */
const alertRule = <Shape extends z.ZodRawShape>(
  { at_least, within_days, explained_by }: Defaults,
  shape: Shape,
) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      at_least: z.int().positive().default(at_least),
      within_days: z.int().min(1).max(90).default(within_days),
      explained_by: z.array(z.enum(EXPLANATIONS)).default([...explained_by]),
      ...shape,
    })
    .prefault({} as never)

const everyKind = ['ticket', 'grant', 'role'] as const

/** The alert rules; each is there whether the file names it or not, with the thresholds given here. */
const alertsSchema = z
  .strictObject({
    /** Records shown without a ticket, for a purpose that works by ticket. Counts events. */
    'no-ticket': alertRule(
      { at_least: 12, within_days: 1, explained_by: everyKind },
      {
        /** Purposes that work by ticket; absent: those that some rule shows records for only with an open ticket. */
        purposes: z.array(idSchema).min(1).optional(),
      },
    ),
    /** Records of people the ticket given is not about. Counts people. */
    'ticket-of-another': alertRule({ at_least: 4, within_days: 1, explained_by: everyKind }, {}),
    /** The ticket given was opened after the access. Counts events. */
    'ticket-after-access': alertRule(
      { at_least: 2, within_days: 7, explained_by: ['ticket', 'grant'] },
      {
        /** How far the ticketing system's clock may be off. */
        tolerance_minutes: z.int().nonnegative().default(10),
      },
    ),
    self: alertRule({ at_least: 1, within_days: 1, explained_by: ['grant'] }, {}),
    family: alertRule(
      { at_least: 1, within_days: 30, explained_by: ['ticket', 'grant'] },
      {
        /** How many bearers of the surname one would expect by chance in the municipality: more, and the name says nothing. */
        chance_at_most: z.number().positive().default(0.25),
      },
    ),
    colleague: alertRule({ at_least: 1, within_days: 30, explained_by: ['ticket', 'grant'] }, {}),
    vip: alertRule({ at_least: 1, within_days: 30, explained_by: everyKind }, {}),
    /** A record about nobody, put there to be found. */
    canary: alertRule({ at_least: 1, within_days: 30, explained_by: ['role'] }, {}),
    /** One record shown is enough; refusals are counted. */
    'after-termination': alertRule({ at_least: 3, within_days: 7, explained_by: [] }, {}),
    /** People outside the regions of the operator's assignment. Counts people. */
    'out-of-area': alertRule(
      { at_least: 6, within_days: 30, explained_by: everyKind },
      {
        /** The assignment's attribute that lists the regions. */
        attribute: nameSchema.default('regions'),
      },
    ),
    /** People seen on one day, against the median of the peers' days; `at_least` people in any case. */
    volume: alertRule(
      { at_least: 25, within_days: 1, explained_by: ['ticket'] },
      {
        times_the_median: z.number().min(1).default(4),
      },
    ),
    /** People seen without an explanation over many days, and of how many municipalities, against the peers. */
    breadth: alertRule(
      { at_least: 60, within_days: 90, explained_by: everyKind },
      {
        municipalities_at_least: z.int().positive().default(30),
        times_the_median: z.number().min(1).default(4),
      },
    ),
    /** Refused, then shown the same kind of record for another purpose, ticket or name. */
    'retried-elsewhere': alertRule(
      { at_least: 1, within_days: 1, explained_by: ['ticket', 'grant', 'role'] },
      {
        within_minutes: z.int().positive().max(240).default(15),
      },
    ),
    /** A contractor's attempts on records with judicial data (GDPR Art. 10). Counts events. */
    'judicial-probing': alertRule({ at_least: 3, within_days: 7, explained_by: everyKind }, {}),
    'off-hours': alertRule({ at_least: 3, within_days: 1, explained_by: everyKind }, {}),
    /** Tickets about one data subject for one purpose, opened within days of each other; the contract's, no operator's. */
    'ticket-splitting': alertRule({ at_least: 3, within_days: 3, explained_by: [] }, {}),
  })
  .prefault({})

/** What of a data subject's own record the watch may compare, never as such but as keyed hashes. */
const kinshipSchema = z.strictObject({
  tax_code: nameSchema.optional(),
  surname: nameSchema.optional(),
  address: nameSchema.optional(),
  municipality: nameSchema.optional(),
  region: nameSchema.optional(),
  /** A yes or no that marks the people whose files are kept apart: they join the VIP list. */
  vip: nameSchema.optional(),
})

// --- oversight.yaml ---

export const oversightFileSchema = z.strictObject({
  alerts: alertsSchema,
  /** When people work, in the bundle's time zone. */
  working_hours: z
    .strictObject({
      /** 1 Monday to 7 Sunday. */
      days: z.array(z.int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5, 6]),
      from: timeSchema.default('07:00'),
      to: timeSchema.default('20:00'),
      tolerance_minutes: z.int().nonnegative().default(30),
    })
    .prefault({}),
  /** Roles for which looking, at canaries too, is the task. */
  expected_roles: z.array(idSchema).default([]),
  /** By kind of data subject. */
  people: z.record(idSchema, kinshipSchema).default({}),
  /** Contacts of one data subject on one topic within so many days are one episode. */
  episode_days: z.int().min(1).max(365).default(30),
  /** What a ticket costs, by contract, in euro. */
  ticket_prices: z.record(idSchema, z.number().positive()).default({}),
})

/** How the watch is set up; every threshold has a value. */
export type OversightDocument = z.infer<typeof oversightFileSchema>

/** A bundle's settings for the watch; every threshold has a value, whether the file is there or not. */
export function oversightSettings({
  document,
}: {
  readonly document: { readonly oversight?: OversightDocument | undefined }
}): OversightDocument {
  return document.oversight ?? oversightFileSchema.parse({})
}
export type ExplainedBy = (typeof EXPLANATIONS)[number]
