import { hash } from 'node:crypto'
import {
  canonicalJson,
  type DataSubjectRef,
  type Json,
  type Micros,
  type PolicyVersion,
  type Pseudonym,
} from '@varco/core'
import { storedRelation, type Approval, type Relation, type Resource } from '@varco/policy'
import type { DisposalRule, Disposition } from './rules.ts'
import type { ForeignKey, GraphFault, RecordGraph } from './graph.ts'

export const APPROVER_ROLES = ['owner', 'dpo', 'authority'] as const
export type ApproverRole = (typeof APPROVER_ROLES)[number]

export interface PlanApproval {
  readonly as: ApproverRole
  readonly by: Pseudonym
  readonly at: Micros
  /** The minutes or the letter it stands in. */
  readonly reference: string | null
}

/** `ending`: it goes no further; what was begun is still to be settled, and the certificate made. */
export type PlanState = 'planned' | 'approved' | 'running' | 'paused' | 'ending' | 'done' | 'cancelled'

/** `basis-changed`: what was agreed to is no longer what would be done; `asked`: somebody wanted it to end. */
export const EARLY_ENDS = ['basis-changed', 'asked'] as const

/** On whose word a plan was ended before its end; one that had not begun was called off. */
export interface EarlyEnd {
  readonly why: (typeof EARLY_ENDS)[number]
  readonly by: Pseudonym
  readonly at: Micros
}

/** Where a resource's records are kept. */
export interface RecordPlace extends Pick<Resource, 'key'> {
  readonly relation: Relation
}

/** Of a resource that the database has. */
export function placeOf(resource: Resource): RecordPlace {
  return { relation: { ...storedRelation(resource) }, key: resource.key }
}

/**
 * What the database itself would do to the rows that point at what a rule takes away. It never comes to that: the rows go
 * before, by their own rule, or what they point at stays.
 */
export interface Cascade extends Pick<ForeignKey, 'child' | 'onDelete'> {
  readonly foreignKey: string
  /** As they were when the plan was made. */
  readonly rows: number
  /** Those of them that no rule of the plan takes away: what they point at stays. */
  readonly unplanned: number
}

export interface PlannedRule {
  readonly rule: string
  readonly resource: string
  readonly action: Disposition
  readonly because: string
  readonly owner: string | null
  /** As the catalogue had it: what was begun is looked for there, whatever the catalogue says by then. `null`: it was not noted yet. */
  readonly place: RecordPlace | null
  readonly records: number
  /** To how many of them an outside authority has agreed; absent: to all, or it was not asked. */
  readonly authorised?: number
  /** ISO date: the trigger that has been over for longest. */
  readonly oldest: string | null
  /** Keyed hashes of the first keys. */
  readonly sample: readonly string[]
  /** Due, and stopped by a hold as it stood when the plan was made. */
  readonly held: number
  /** By foreign key: those that delete, or empty a pointer, by themselves. */
  readonly cascades: readonly Cascade[]
  /** Records that no trigger makes due. */
  readonly withoutTrigger: number
  /** Records that an event would let go that the log does not bear out: they stay, and somebody must look; absent: none. */
  readonly unproven?: number
  /** Keyed hash over the keys in order. */
  readonly digest: string
  /** What hangs on them upstream and goes first, however much it is; absent: nothing. */
  readonly upstream?: readonly PlannedUpstream[]
}

/** Records that are found by those they hang on, one after the other, when it is their turn. */
export interface PlannedUpstream {
  readonly resource: string
  readonly upstream: string
  /** By which of their fields. */
  readonly by: string
}

/** About how long a plan's run will take; no part of what is agreed to. */
export interface RunEstimate {
  readonly seconds: number
  /** Whether it goes by runs that were carried out here, or by none. */
  readonly by: 'earlier-runs' | 'no-run'
}

/** What would go, on a day, under a version of the bundle; a run takes nothing that is not in it. */
export interface RetentionPlan {
  readonly id: string
  readonly state: PlanState
  /** ISO date, in the bundle's time zone. */
  readonly day: string
  readonly policyVersion: PolicyVersion
  readonly plannedBy: Pseudonym
  readonly plannedAt: Micros
  readonly approval: Approval
  readonly approvals: readonly PlanApproval[]
  /** In the order of the run. */
  readonly rules: readonly PlannedRule[]
  /** On whose word events let its records go: none of them approves it. Absent: on nobody's. */
  readonly tellers?: readonly Pseudonym[]
  readonly faults: readonly GraphFault[]
  /** Absent: there is nothing to do, or the plan is from before it was told. */
  readonly estimate?: RunEstimate
  /** SHA-256 of the rules and of the graph the plan was made on: a run on others is refused. */
  readonly basis: string
  /** SHA-256 of all that is approved: day, version, basis, rules with counts and digests. */
  readonly hash: string
  /** The data subject's request it answers; absent: it is of what is due. */
  readonly request?: PlanRequest
  /** Absent: it went, or goes, its whole way. */
  readonly endedEarly?: EarlyEnd
  readonly startedAt: Micros | null
  readonly endedAt: Micros | null
  readonly revision: number
}

/** A request for erasure (GDPR Art. 17). */
export interface PlanRequest {
  /** Its number at the desk. */
  readonly id: string
  /** Forgotten once the request is carried out. */
  readonly dataSubject: DataSubjectRef | null
}

export function basisOf(rules: readonly DisposalRule[], graph: RecordGraph): string {
  const basis: Json = {
    rules: rules.map(({ id, resource, action, masks, quasiIdentifiers, cutoffs, events, because }) => ({
      id,
      resource: resource.name,
      action,
      masks: { ...masks },
      quasi:
        quasiIdentifiers === null
          ? null
          : { fields: [...quasiIdentifiers.fields], atLeast: quasiIdentifiers.atLeast },
      because,
      ...(events.length === 0 ? {} : { events: events.map((event) => ({ ...event })) }),
      cutoffs: cutoffs.map(({ field, type, upTo, of }) => ({
        ...{ field, type, upTo },
        of: of === undefined ? null : { resource: of.resource.name, from: of.from, to: of.to },
      })),
    })),
    components: graph.components.map((component) => [...component]),
    references: graph.references.map((reference) => canonicalJson({ ...reference })).sort(),
    // Plans of before there were any keep their basis.
    ...(graph.hanging.size === 0 ? {} : { hanging: hangingText(graph) }),
  }
  return hash('sha256', canonicalJson(basis), 'hex')
}

/** Where what hangs on records is found and how it goes: agreed to with the plan, and no other address or method after. */
function hangingText({ hanging }: RecordGraph): readonly string[] {
  return [...hanging]
    .flatMap(([table, all]) =>
      all.map(({ resource, upstream, field, listing, removal }) =>
        canonicalJson({
          ...{ table, resource: resource.name, base: upstream.document.base, field },
          listing: listing === null ? null : { route: listing.route.label, parameter: listing.parameter },
          removal:
            removal === null
              ? null
              : { method: removal.method, steps: removal.steps.map((step) => ({ ...step })) },
        }),
      ),
    )
    .sort()
}

export function hashOf({
  day,
  policyVersion,
  basis,
  rules,
}: Pick<RetentionPlan, 'day' | 'policyVersion' | 'basis' | 'rules'>): string {
  const approved: Json = {
    day,
    policyVersion,
    basis,
    rules: rules.map(({ rule, records, digest }) => ({ rule, records, digest })),
  }
  return hash('sha256', canonicalJson(approved), 'hex')
}

/** How many records a plan may still take: of those an outside authority was asked about, what it agreed to. */
export function recordsToGo({ rules }: Pick<RetentionPlan, 'rules'>): number {
  return rules.reduce((sum, { records, authorised }) => sum + (authorised ?? records), 0)
}

/** Nothing more comes of it. */
export function isPlanOver({ state }: Pick<RetentionPlan, 'state'>): boolean {
  return state === 'done' || state === 'cancelled'
}

/** Once a plan is over nobody needs to know whose request it was. */
export function withoutDataSubject(plan: RetentionPlan): RetentionPlan {
  return plan.request === undefined ? plan : { ...plan, request: { ...plan.request, dataSubject: null } }
}

/** Who has still to agree, in order. */
export function missingApprovals({ approval, approvals }: RetentionPlan): readonly ApproverRole[] {
  return neededApprovals(approval).filter((role) => !approvals.some((given) => given.as === role))
}

function neededApprovals(approval: Approval): readonly ApproverRole[] {
  switch (approval) {
    case 'none':
      return []
    case 'owner':
      return ['owner']
    case 'owner-and-dpo':
      return ['owner', 'dpo']
    case 'authority':
      return APPROVER_ROLES
  }
}
