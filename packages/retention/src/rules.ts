import { asId, type FieldName, type ResourceName } from '@varco/core'
import {
  APPROVALS,
  approvalOf,
  retentionMasks,
  type Approval,
  type Bundle,
  type BundleDocument,
  type Resource,
} from '@varco/policy'
import { Temporal } from 'temporal-polyfill'
import type { Belonging } from './belonging.ts'
import { latestTrigger, type Term } from './due-date.ts'

type RuleDocument = BundleDocument['retention'][number]
type AwaitingTrigger = Pick<RuleDocument['trigger'], 'event' | 'contract_end'>

export type Disposition = RuleDocument['action']

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

/** What is told of a record, or known of the contract that the record names in a field; and the latest day of it, ISO. */
export type AwaitedEvent =
  | { readonly kind: 'told'; readonly id: string; readonly upTo: string }
  | { readonly kind: 'contract-end'; readonly field: FieldName; readonly upTo: string }

/** Which records are reached, and what is done to them. */
export interface DisposalRule {
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
  /** All of them must hold. */
  readonly cutoffs: readonly Cutoff[]
  /** What must have happened to the record besides: all of it. */
  readonly events: readonly AwaitedEvent[]
  /** Only records of this data subject; `null`: everybody's. */
  readonly belonging: Belonging | null
  /** IANA name: where a day begins. */
  readonly timeZone: string
}

/** One rule of the bundle on one day. */
export interface DueRule extends DisposalRule {
  /** The first is the rule's own trigger, the others floors. */
  readonly cutoffs: readonly [Cutoff, ...Cutoff[]]
  readonly belonging: null
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
    const floors = rule.action === 'restrict' ? [] : floorsOf(bundle, resource, today)
    const lastOf = rule.trigger.last_of
    const related =
      lastOf === undefined
        ? []
        : [
            cutoffOf(relatedBy(bundle, resource, lastOf.relation), today, 'ceiling', {
              ...rule,
              trigger: { field: lastOf.field },
            }),
          ]
    return {
      id: rule.id,
      resource,
      action: rule.action,
      masks: retentionMasks(rule, resource.document),
      approval: approvalOf(rule),
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
      cutoffs: [cutoffOf({ resource }, today, 'ceiling', rule), ...related, ...floors],
      events: [
        ...eventsOf(rule, today, 'ceiling'),
        ...(rule.action === 'restrict' ? [] : floorEventsOf(bundle, resource, today)),
      ],
      belonging: null,
      timeZone: varco.time_zone,
    }
  })
}

/** What starts a term besides its field. */
function eventsOf(
  { trigger, after, align }: Pick<RuleDocument, 'after' | 'align'> & { readonly trigger: AwaitingTrigger },
  today: Temporal.PlainDate,
  bound: Term['bound'],
): readonly AwaitedEvent[] {
  const { event, contract_end: contract } = trigger
  const upTo = latestTrigger({ after, align: align ?? null, bound }, today).toString()
  return [
    ...(event === undefined ? [] : [{ kind: 'told', id: event.id, upTo } as const]),
    ...(contract === undefined
      ? []
      : [{ kind: 'contract-end', field: asId<FieldName>(contract), upTo } as const]),
  ]
}

/** What the terms of other norms wait for: without it they do not end, and the record stays. */
export function floorEventsOf(
  bundle: Bundle,
  resource: Resource,
  today: Temporal.PlainDate,
): readonly AwaitedEvent[] {
  return floorTerms(bundle, resource).flatMap((floor) => eventsOf(floor, today, 'floor'))
}

/** Terms of other norms that bind a resource's records, whichever of its rules brings them. */
export function floorsOf(bundle: Bundle, resource: Resource, today: Temporal.PlainDate): readonly Cutoff[] {
  return floorTerms(bundle, resource).map((floor) => cutoffOf({ resource }, today, 'floor', floor))
}

/** As the bundle has them. */
export function floorTerms(
  { document }: Bundle,
  resource: Resource,
): readonly NonNullable<RuleDocument['keep_at_least']>[number][] {
  return document.retention
    .filter((rule) => rule.resource === resource.name)
    .flatMap((rule) => rule.keep_at_least ?? [])
}

function cutoffOf(
  of: { readonly resource: Resource } | Related,
  today: Temporal.PlainDate,
  bound: Term['bound'],
  {
    trigger,
    after,
    align,
  }: Pick<RuleDocument, 'after' | 'align'> & { readonly trigger: { readonly field: string } },
): Cutoff {
  const field = asId<FieldName>(trigger.field)
  return {
    field,
    ...('to' in of ? { of } : {}),
    type: of.resource.fields.get(field)?.type === 'date' ? 'date' : 'timestamp',
    upTo: latestTrigger({ after, align: align ?? null, bound }, today).toString(),
  }
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

/** A plan needs what the strictest of its rules needs. */
export function strictest(approvals: readonly Approval[]): Approval {
  return APPROVALS.findLast((known) => approvals.includes(known)) ?? 'none'
}

/** The day it is, where the body is. */
export function dayAt(micros: bigint, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Number(micros / 1_000n))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
}
