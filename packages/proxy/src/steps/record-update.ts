import { CANARY_TOUCHED, type Appended, type DisclosureDraft, type FieldChange } from '@varco/access-log'
import { InvariantError } from '@varco/core'
import type { FetchedRecord } from '@varco/policy'
import { canonicalText } from '../body/new-value.ts'
import type { Visit } from '../visit.ts'
import { canariesAmong, raiseAlarm } from './canaries.ts'
import type { Updating } from './decide-update.ts'
import { disclosureOf, type Shown } from './mask.ts'
import { draftOf, spendingOf, type Findings } from './record.ts'
import type { Spending } from './spend-budgets.ts'

/**
 * Resolves once the log holds what is about to be changed: whose records, which fields, and commitments to what each
 * holds and is to hold. Before that nothing may be changed.
 * @throws UnavailableError when it may not be
 * @throws InvariantError for an update that changes nothing
 */
export async function recordIntention(
  visit: Visit,
  { permit, update }: Updating,
  before: readonly FetchedRecord[],
): Promise<Appended> {
  const { resource, values } = update
  if (values.size === 0) throw new InvariantError('an update changes nothing')
  const disclosures = disclosuresOf(update, before)
  const canaries = canariesAmong(resource, disclosures)
  const { decision, reasons } = permitted(permit.reasons)
  visit.trail.recorded = true
  const entry = await visit.gate.accessLog.append({
    ...draftOf(visit),
    decision,
    reasons: canaries === 0 ? reasons : [...reasons, CANARY_TOUCHED],
    disclosures,
    changes: before.flatMap((record, index) =>
      [...values].map(([field, value]): FieldChange => {
        const type = resource.fields.get(field)?.type ?? 'json'
        return {
          ...{ field, record: index },
          before: canonicalText(type, record[field]),
          after: canonicalText(type, value),
        }
      }),
    ),
    detail: { stage: 'intended', records: before.length },
  })
  if (canaries > 0) raiseAlarm(visit, resource, entry)
  return entry
}

/** What came of it, and what the caller is shown of the records as they are now. */
export function recordOutcome(
  visit: Visit,
  { permit }: Updating,
  intention: Appended | null,
  stage: 'done' | 'not-done' | 'unknown',
  shown: Shown | null,
): Promise<Appended> {
  return visit.gate.accessLog.append({
    ...draftOf(visit),
    ...permitted(permit.reasons),
    ...(shown === null
      ? {}
      : {
          plain: shown.level.plain,
          masked: shown.level.masked,
          disclosures: shown.level.disclosures,
        }),
    detail: { stage, ...(intention === null ? { records: 0 } : { of: intention.id }) },
  })
}

/** What a refusal tells of the records that were to be changed. */
export function findingsOf(
  { trail }: Visit,
  { reading, permit, update }: Updating,
  records: readonly FetchedRecord[],
): Findings {
  const { filters, rules } = trail
  const asked = { action: 'update', resource: update.resource.name, filters, rules } as const
  return {
    level: {
      ...{ as: '', reading: { ...reading, permit, asked } },
      ...{ disclosures: disclosuresOf(update, records), plain: [], masked: [], embedded: [] },
    },
    total: null,
  }
}

/** The records count once for what is changed and, where they come back, once for what is shown. */
export function spendingsOf({ reading, preferences }: Updating, { level }: Findings): readonly Spending[] {
  const changed = spendingOf(level)
  return preferences.representation ? [changed, { ...changed, permit: reading.permit }] : [changed]
}

/** Whose records they are. */
function disclosuresOf(
  { resource }: Updating['update'],
  records: readonly FetchedRecord[],
): readonly DisclosureDraft[] {
  return records.map((record) => disclosureOf(resource, record))
}

function permitted(reasons: Updating['permit']['reasons']): {
  readonly decision: 'permit'
  readonly reasons: readonly string[]
} {
  return { decision: 'permit', reasons: [...new Set(reasons.map(({ code }) => code))] }
}
