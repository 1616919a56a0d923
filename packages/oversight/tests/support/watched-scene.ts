import type { SubjectLookup } from '@varco/access-log'
import type { Clock } from '@varco/core'
import type { PersonFacts, StaffMember, WatchedEvent, WatchedTicket } from '@varco/oversight'
import { lookupOf, watchedWorld, type WatchedWorld } from '@varco/oversight/testing'
import { fixtureBundle } from '@varco/policy/testing'

/* Accesses, tickets and people as a test of the watch changes them. */

export const DAY_US = 86_400_000_000
export const MINUTE_US = 60_000_000
/** A Wednesday, ten in the morning in Rome. */
export const TEN = Date.parse('2026-06-10T08:00:00Z') * 1_000
const clock: Clock = { now: () => BigInt(TEN + 30 * DAY_US) }

export const NOBODY: PersonFacts = {
  ...{ identity: null, household: null, family: null, place: null, region: null, vip: false, canary: false },
}

/** One of as many people as are wanted, of whom nothing else is known. */
export const numbered = (n: number): SubjectLookup => String(n).padStart(16, '0') as SubjectLookup

export function event(number: number, change: Partial<WatchedEvent> = {}): WatchedEvent {
  return {
    id: `test.1.${number}`,
    at: TEN + number * MINUTE_US,
    operator: 'AUR-1',
    contract: 'aurora-2026',
    role: 'contact-centre.operator',
    unit: 'cc-phone',
    workstation: 'WS-1',
    purpose: 'invoice-enquiry',
    ticket: null,
    grant: null,
    action: 'read',
    resource: 'invoice',
    decision: 'permit',
    reasons: ['permitted'],
    rules: [],
    fields: ['number'],
    refusedField: null,
    subjects: [lookupOf('a')],
    ...change,
  }
}

export function ticket(change: Partial<WatchedTicket> = {}): WatchedTicket {
  return {
    ...{ id: 'T-1', contract: 'aurora-2026', purpose: 'invoice-enquiry', subjects: [lookupOf('a')] },
    ...{ openedAt: TEN - DAY_US, closedAt: null },
    ...change,
  }
}

export function worker(pseudonym: string, change: Partial<StaffMember> = {}): StaffMember {
  return {
    ...{
      pseudonym,
      contract: 'aurora-2026',
      unit: 'cc-phone',
      role: 'contact-centre.operator',
      lists: new Map(),
    },
    ...{ from: 0, to: null, identity: null, household: null, family: null },
    ...change,
  }
}

export function world(
  events: readonly WatchedEvent[],
  fill: (world: WatchedWorld) => void = () => {},
): WatchedWorld {
  const made = watchedWorld(fixtureBundle(), clock)
  made.events.push(...events)
  fill(made)
  return made
}

/** What one pass raises: rule, and whom it is about. */
export async function raised(made: WatchedWorld): Promise<readonly string[]> {
  await made.watcher().pass()
  return (await made.store.alerts({ limit: 100 })).map(({ rule, operator }) => `${rule} ${operator}`).sort()
}
