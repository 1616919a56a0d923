import type { SubjectLookup } from '@varco/access-log'
import type { ExplainedBy, OversightDocument } from '@varco/policy'
import type { AlertRuleId } from '../alerts/alert.ts'
import type { Fact } from '../alerts/fact.ts'
import type { PersonFacts } from '../facts/people-facts.ts'
import type { StaffMember } from '../facts/staff-facts.ts'
import type { WatchedTicket } from '../facts/ticket-facts.ts'
import type { WatchedEvent } from '../feed/event-feed.ts'
import type { BatchTickets } from '../watch/batch-tickets.ts'
import type { LocalTime } from '../watch/local-time.ts'
import type { RecentRefusal } from '../watch/watch-store.ts'
import type { WatchSetup } from './watch-setup.ts'

/** What a rule notes of one access. */
export interface Note {
  /** Whom it is about, where the rule counts people. */
  readonly people?: readonly SubjectLookup[]
  readonly facts: readonly Fact[]
  /** Other events that belong to it. */
  readonly events?: readonly string[]
  /** No need to wait for more. */
  readonly atOnce?: true
}

/** A rule over single accesses; how many notes make an alert is in `oversight.yaml`. */
export type AccessRule = (access: AccessCase) => Note | null

interface KnownPerson {
  readonly lookup: SubjectLookup
  readonly person: PersonFacts
}

/** What is known beside the event. */
export interface Surroundings {
  readonly setup: WatchSetup
  readonly tickets: BatchTickets
  /** When the grants that events rest on were given, in microseconds. */
  readonly grants: ReadonlyMap<string, number>
  /** `null`: asked about, and nothing is known. */
  readonly people: ReadonlyMap<SubjectLookup, PersonFacts | null>
  readonly staff: ReadonlyMap<string, StaffMember>
  /** Pseudonyms by the keyed hash of their identity. */
  readonly staffByIdentity: ReadonlyMap<string, readonly StaffMember[]>
  readonly endedContracts: ReadonlyMap<string, number>
  readonly refusals: readonly RecentRefusal[]
}

/** How long after a ticket was closed an access may still rest on it: notes are finished, a page is loaded anew. */
const GRACE_US = 3_600_000_000

/** One access with everything a rule may look at. What explains it is worked out once, for the data subjects it showed. */
export class AccessCase {
  readonly event: WatchedEvent
  readonly local: LocalTime
  readonly around: Surroundings
  readonly settings: OversightDocument
  /** The ticket given; `null` where none was, or none such exists. */
  readonly ticket: WatchedTicket | null
  readonly worker: StaffMember | null
  /** Whether records were shown. */
  readonly showed: boolean
  /** Those shown of whom something is known. */
  readonly known: readonly KnownPerson[]
  /** Of those looked at last, whom, and whether a ticket explains it. */
  #asked: SubjectLookup | null = null
  #isExplained = false

  constructor(event: WatchedEvent, local: LocalTime, around: Surroundings) {
    this.event = event
    this.local = local
    this.around = around
    this.settings = around.setup.settings
    this.ticket = event.ticket === null ? null : (around.tickets.byId.get(event.ticket) ?? null)
    this.worker = event.operator === null ? null : (around.staff.get(event.operator) ?? null)
    this.showed = event.decision === 'permit' && event.subjects.length > 0
    this.known = this.showed ? knownOf(event.subjects, around.people) : NOBODY
  }

  /** Those shown whom nothing that counts for the rule explains. */
  unexplained(rule: AlertRuleId): readonly SubjectLookup[] {
    return this.unexplainedBy(this.settings.alerts[rule].explained_by)
  }

  unexplainedBy(explanations: readonly ExplainedBy[]): readonly SubjectLookup[] {
    if (explanations.includes('grant') && this.#isGranted()) return []
    if (explanations.includes('role') && this.settings.expected_roles.includes(this.event.role ?? ''))
      return []
    if (!explanations.includes('ticket')) return this.event.subjects
    const [only] = this.event.subjects
    if (only !== undefined && this.event.subjects.length === 1)
      return this.explainedByTicket(only) ? NO_SUBJECTS : this.event.subjects
    return this.event.subjects.filter((lookup) => !this.explainedByTicket(lookup))
  }

  /** Whether the ticket given, or another of the same contract that was open then, is about the data subject. */
  explainedByTicket(lookup: SubjectLookup): boolean {
    if (lookup === this.#asked) return this.#isExplained
    this.#isExplained =
      (this.ticket !== null && this.covers(this.ticket, lookup, this.event.at)) ||
      this.tickets(lookup).some((ticket) => this.covers(ticket, lookup, this.event.at))
    this.#asked = lookup
    return this.#isExplained
  }

  /** Whether the ticket was about the data subject, of the same contract, and open at the time. */
  covers(ticket: WatchedTicket, lookup: SubjectLookup, at: number): boolean {
    return isOpenThen(ticket, this.event.contract, at) && ticket.subjects.includes(lookup)
  }

  tickets(lookup: SubjectLookup): readonly WatchedTicket[] {
    return this.around.tickets.about(this.event.contract, lookup, this.event.at)
  }

  /** A grant explains where the decision rested on one: whatever identifier the caller sent, no rule would have asked for it. */
  #isGranted(): boolean {
    return this.event.rules.some((rule) => this.around.setup.grantRules.has(rule))
  }
}

/** Whether it is the contract's and was open at the time, or closed not long before. */
export function isOpenThen(ticket: WatchedTicket, contract: string | null, at: number): boolean {
  return (
    ticket.contract === contract &&
    ticket.openedAt <= at &&
    (ticket.closedAt === null || ticket.closedAt + GRACE_US >= at)
  )
}

const NOBODY: AccessCase['known'] = []
const NO_SUBJECTS: readonly SubjectLookup[] = []

function knownOf(subjects: readonly SubjectLookup[], people: Surroundings['people']): AccessCase['known'] {
  const known: KnownPerson[] = []
  for (const lookup of subjects) {
    const person = people.get(lookup)
    if (person != null) known.push({ lookup, person })
  }
  return known
}
