import {
  isId,
  type ContractId,
  type GrantId,
  type Micros,
  type PolicyVersion,
  type Pseudonym,
  type PurposeId,
  type ResourceName,
  type TicketId,
} from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { ACTIONS } from '../bundle/schema.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import { decide } from '../decision/decide.ts'
import type { Decision } from '../decision/decision.ts'
import type { AccessRequest } from '../decision/request.ts'

/** Something the candidate would have answered otherwise. Names of fields, rules and reasons; no values, no people. */
export interface ShadowDifference {
  readonly role: string
  readonly contract: string | null
  readonly purpose: string | null
  readonly action: string
  readonly resource: string
  readonly active: string
  readonly candidate: string
  /** How often. */
  readonly count: number
}

export interface ShadowReport {
  readonly active: PolicyVersion
  readonly candidate: PolicyVersion
  readonly asked: number
  readonly differing: number
  /** Most frequent first; at most 1,000 kinds are told apart. */
  readonly differences: readonly ShadowDifference[]
}

const MOST_KINDS = 1_000

/** Asks a candidate bundle beside the active one, and counts where they differ. Enforces nothing. */
export class Shadow {
  readonly #active: Bundle
  readonly #candidate: Bundle
  readonly #kinds = new Map<string, { readonly difference: Omit<ShadowDifference, 'count'>; count: number }>()
  #asked = 0
  #differing = 0

  constructor(active: Bundle, candidate: Bundle) {
    this.#active = active
    this.#candidate = candidate
  }

  /** @param records those the active decision showed or hid, when at hand: rows are compared too */
  compare(request: AccessRequest, records: readonly DataRecord[] = []): void {
    this.#asked += 1
    const decisions = [decide(this.#active, request), decide(this.#candidate, request)] as const
    const pairs = [
      decisions.map(summary),
      ...records.map((record) => decisions.map((decision) => rowSummary(decision, record))),
    ]
    const different = pairs.find(([active, candidate]) => active !== candidate)
    if (different === undefined) return
    this.#differing += 1
    const [active = '', candidate = ''] = different
    const { action, contract, principal, purpose, resource } = request
    const difference = {
      role: principal.role,
      contract: contract?.id ?? null,
      purpose,
      action,
      resource,
      active,
      candidate,
    }
    const key = JSON.stringify(difference)
    const known = this.#kinds.get(key)
    if (known !== undefined) known.count += 1
    else if (this.#kinds.size < MOST_KINDS) this.#kinds.set(key, { difference, count: 1 })
  }

  report(): ShadowReport {
    return {
      active: this.#active.version,
      candidate: this.#candidate.version,
      asked: this.#asked,
      differing: this.#differing,
      differences: [...this.#kinds.values()]
        .map(({ difference, count }) => ({ ...difference, count }))
        .toSorted((a, b) => b.count - a.count),
    }
  }
}

function summary(decision: Decision): string {
  if (decision.effect === 'deny')
    return `deny: ${[...new Set(decision.reasons.map(({ code }) => code))].toSorted().join(', ')}`
  return `permit: ${shownText([...decision.fields].map(([field, { best, mask }]) => [field, best === 'masked' ? (mask ?? best) : best]))}`
}

function rowSummary(decision: Decision, record: DataRecord): string {
  const outcomes = decision.effect === 'permit' ? decision.outcomesOf(record) : null
  return outcomes === null
    ? 'row hidden'
    : `row: ${shownText([...outcomes].map(([field, { mask, outcome }]) => [field, mask ?? outcome]))}`
}

function shownText(fields: readonly (readonly [string, string])[]): string {
  return fields
    .filter(([, shown]) => shown !== 'hidden')
    .map(([field, shown]) => `${field} ${shown}`)
    .join(', ')
}

/** What the access log kept of one access; a stored event is one. */
export interface LoggedAccess {
  readonly at: Micros
  readonly role: string | null
  readonly unit: string | null
  readonly contract: string | null
  readonly purpose: string | null
  readonly ticket: string | null
  readonly grant: string | null
  readonly action: string | null
  readonly resource: string | null
}

/**
 * The question behind a logged access, as far as the log can tell it; `null` for an entry that was none. The log holds
 * no attributes of the principal and nothing of the ticket but its id: it is taken to be open and for the purpose.
 */
export function replayedRequest(bundle: Bundle, logged: LoggedAccess): AccessRequest | null {
  const action = ACTIONS.find((each) => each === logged.action)
  if (action === undefined || logged.resource === null || logged.role === null) return null
  const contract = logged.contract === null ? null : bundle.contracts.get(logged.contract as ContractId)
  return {
    now: logged.at,
    principal: {
      kind: 'person',
      pseudonym: 'replay' as Pseudonym,
      role: logged.role,
      unit: logged.unit ?? '',
      attributes: {},
    },
    contract:
      contract === null
        ? null
        : {
            id: logged.contract as ContractId,
            processor: (contract?.processor ?? 'unknown') as never,
            state: 'active',
          },
    purpose: logged.purpose,
    ticket:
      logged.ticket === null || !isId(logged.ticket)
        ? null
        : {
            id: logged.ticket as TicketId,
            status: 'open',
            dataSubject: 'replay',
            purpose: (logged.purpose ?? '') as PurposeId,
            openedAt: logged.at,
          },
    grant:
      logged.grant === null
        ? null
        : {
            id: logged.grant as GrantId,
            resource: logged.resource as ResourceName,
            record: null,
            dataSubject: null,
            action,
            purpose: (logged.purpose ?? '') as PurposeId,
            ticket: null,
            expiresAt: logged.at + 1n,
          },
    action,
    resource: logged.resource,
  }
}
