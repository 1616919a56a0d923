import { asId, type FieldName, type ResourceName } from '@varco/core'
import type { Bundle, BundleDocument, Resource } from '@varco/policy'
import { Temporal } from 'temporal-polyfill'
import { latestTrigger, type Term } from './due-date.ts'

type RuleDocument = BundleDocument['retention'][number]

export type Disposition = RuleDocument['action']
export type Approval = NonNullable<RuleDocument['approval']>

/** Records of another resource, by the field in which they have what the record has in `from`. */
export interface Related {
  readonly resource: Resource
  readonly from: FieldName
  readonly to: FieldName
}

/** A field, and the last day of it with which a record is due. */
export interface Cutoff {
  readonly field: FieldName
  /** Whose field: every related record's, and one that has no date keeps the record. Absent: the record's own. */
  readonly of?: Related
  readonly type: 'date' | 'timestamp'
  /** ISO date, in the bundle's time zone. */
  readonly upTo: string
}

/** One rule on one day: which records it reaches, and what it does to them. */
export interface DueRule {
  readonly id: string
  readonly resource: Resource
  readonly action: Disposition
  readonly masks: RuleDocument['masks']
  readonly approval: Approval
  /** The unit whose word the owner's approval is; `null`: the catalogue names none. */
  readonly owner: string | null
  readonly quasiIdentifiers: QuasiIdentifiers | null
  readonly title: RuleDocument['title']
  readonly because: string
  /** All of them must hold; the first is the rule's own trigger, the others floors. */
  readonly cutoffs: readonly [Cutoff, ...Cutoff[]]
  /** IANA name: where a day begins. */
  readonly timeZone: string
}

/** Anonymised records must agree in these fields with so many at least, themselves among them. */
export interface QuasiIdentifiers {
  readonly fields: readonly FieldName[]
  readonly atLeast: number
}

/** Whether the record is gone afterwards. */
export function takesAway(action: Disposition): boolean {
  return action === 'erase' || action === 'archive'
}

/**
 * The bundle's rules as they stand on a day. Floors bind the whole resource, whichever rule brings them: the longest
 * holds, and a record without a floor's date stays. What only restricts takes nothing away, and heeds no floor.
 */
export function dueRules(bundle: Bundle, today: Temporal.PlainDate): readonly DueRule[] {
  const { retention, varco } = bundle.document
  return retention.map((rule) => {
    // INVARIANT: a checked bundle's rules name resources and date fields of its catalogue.
    const resource = bundle.resources.get(asId<ResourceName>(rule.resource)) as Resource
    const cutoff = (
      { trigger, after, align }: Pick<RuleDocument, 'after' | 'align'> & { trigger: { field: string } },
      bound: Term['bound'],
      of?: Related,
    ): Cutoff => {
      const field = asId<FieldName>(trigger.field)
      return {
        field,
        ...(of === undefined ? {} : { of }),
        type: (of?.resource ?? resource).fields.get(field)?.type === 'date' ? 'date' : 'timestamp',
        upTo: latestTrigger({ after, align: align ?? null, bound }, today).toString(),
      }
    }
    const floors =
      rule.action === 'restrict'
        ? []
        : retention
            .filter((other) => other.resource === rule.resource)
            .flatMap((other) => other.keep_at_least ?? [])
            .map((floor) => cutoff(floor, 'floor'))
    const lastOf = rule.trigger.last_of
    const related =
      lastOf === undefined
        ? []
        : [
            cutoff(
              { ...rule, trigger: { field: lastOf.field } },
              'ceiling',
              relatedBy(bundle, resource, lastOf.relation),
            ),
          ]
    return {
      id: rule.id,
      resource,
      action: rule.action,
      masks: rule.masks,
      approval: rule.approval ?? 'owner-and-dpo',
      owner: rule.owner ?? resource.document.owner ?? null,
      quasiIdentifiers:
        rule.quasi_identifiers === undefined
          ? null
          : {
              fields: rule.quasi_identifiers.fields.map((name) => asId<FieldName>(name)),
              atLeast: rule.quasi_identifiers.at_least,
            },
      title: rule.title,
      because: rule.because,
      cutoffs: [cutoff(rule, 'ceiling'), ...related, ...floors],
      timeZone: varco.time_zone,
    }
  })
}

function relatedBy(bundle: Bundle, resource: Resource, name: string): Related {
  // INVARIANT: a checked bundle's rules name relations of its catalogue.
  const relation = resource.document.relations[name] as Resource['document']['relations'][string]
  return {
    resource: bundle.resources.get(asId<ResourceName>(relation.resource)) as Resource,
    from: asId(relation.field),
    to: asId(relation.to),
  }
}

const STRICTNESS: readonly Approval[] = ['none', 'owner', 'owner-and-dpo', 'authority']

/** A plan needs what the strictest of its rules needs. */
export function strictest(approvals: readonly Approval[]): Approval {
  return approvals.reduce(
    (most, one) => (STRICTNESS.indexOf(one) > STRICTNESS.indexOf(most) ? one : most),
    'none',
  )
}

/** The day it is, where the body is. */
export function dayAt(micros: bigint, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Number(micros / 1_000n))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
}
