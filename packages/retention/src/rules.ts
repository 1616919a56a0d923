import { asId, type FieldName, type ResourceName } from '@varco/core'
import type { Bundle, BundleDocument, Resource } from '@varco/policy'
import { Temporal } from 'temporal-polyfill'
import { latestTrigger, type Term } from './due-date.ts'

type RuleDocument = BundleDocument['retention'][number]

export type Disposition = RuleDocument['action']
export type Approval = NonNullable<RuleDocument['approval']>

/** A field, and the last day of it with which a record is due. */
export interface Cutoff {
  readonly field: FieldName
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
  readonly title: RuleDocument['title']
  readonly because: string
  /** All of them must hold; the first is the rule's own trigger, the others floors. */
  readonly cutoffs: readonly [Cutoff, ...Cutoff[]]
  /** IANA name: where a day begins. */
  readonly timeZone: string
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
      { trigger, after, align }: Pick<RuleDocument, 'trigger' | 'after' | 'align'>,
      bound: Term['bound'],
    ): Cutoff => {
      const field = asId<FieldName>(trigger.field)
      return {
        field,
        type: resource.fields.get(field)?.type === 'date' ? 'date' : 'timestamp',
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
    return {
      id: rule.id,
      resource,
      action: rule.action,
      masks: rule.masks,
      approval: rule.approval ?? 'owner-and-dpo',
      title: rule.title,
      because: rule.because,
      cutoffs: [cutoff(rule, 'ceiling'), ...floors],
      timeZone: varco.time_zone,
    }
  })
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
