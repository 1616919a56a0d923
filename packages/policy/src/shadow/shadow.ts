import type { PolicyVersion, PurposeId, ResourceName } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
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
  /** Records beyond the first 50 of a question, or where the candidate looks at a field that was not fetched. */
  readonly recordsNotCompared: number
  /** Most frequent first; at most 1,000 kinds are told apart. */
  readonly differences: readonly ShadowDifference[]
}

const MOST_KINDS = 1_000
/** Of one question. */
const MOST_RECORDS = 50

/** Asks a candidate bundle beside the active one, and counts where they differ. Enforces nothing. */
export class Shadow {
  readonly #active: Bundle
  readonly #candidate: Bundle
  readonly #kinds = new Map<string, { readonly difference: Omit<ShadowDifference, 'count'>; count: number }>()
  #asked = 0
  #differing = 0
  #recordsNotCompared = 0

  constructor(active: Bundle, candidate: Bundle) {
    this.#active = active
    this.#candidate = candidate
  }

  /** @param records those the active decision showed or hid, when at hand: rows are compared too */
  compare(request: AccessRequest, records: readonly DataRecord[] = []): void {
    this.#asked += 1
    const decisions = [decide(this.#active, request), decide(this.#candidate, request)] as const
    const comparable = records.slice(0, MOST_RECORDS).filter((record) => isWholeFor(decisions[1], record))
    this.#recordsNotCompared += records.length - comparable.length
    const pairs = [
      decisions.map(summary),
      ...comparable.map((record) => decisions.map((decision) => rowSummary(decision, record))),
    ]
    const different = pairs.find(([active, candidate]) => active !== candidate)
    if (different === undefined) return
    this.#differing += 1
    const [active = '', candidate = ''] = different
    const { action, contract, principal, purpose, resource } = request
    const difference = {
      role: principal.role,
      contract: contract?.id ?? null,
      // What neither bundle knows may be anything somebody typed.
      purpose: this.#knows((bundle) => bundle.purposes.has(purpose as PurposeId)) ? purpose : null,
      action,
      resource: this.#knows((bundle) => bundle.resources.has(resource as ResourceName))
        ? resource
        : 'unknown',
      active,
      candidate,
    }
    const key = JSON.stringify(difference)
    const known = this.#kinds.get(key)
    if (known !== undefined) known.count += 1
    else if (this.#kinds.size < MOST_KINDS) this.#kinds.set(key, { difference, count: 1 })
  }

  #knows(has: (bundle: Bundle) => boolean): boolean {
    return has(this.#active) || has(this.#candidate)
  }

  report(): ShadowReport {
    return {
      active: this.#active.version,
      candidate: this.#candidate.version,
      asked: this.#asked,
      differing: this.#differing,
      recordsNotCompared: this.#recordsNotCompared,
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

/** Whether everything is there that the candidate's answer about a record depends on. */
function isWholeFor(candidate: Decision, record: DataRecord): boolean {
  return (
    candidate.effect === 'deny' || candidate.conditionFields.every((field) => Object.hasOwn(record, field))
  )
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
