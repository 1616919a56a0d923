import { monthIn } from '../document/calendar.ts'
import type { Titled } from '../report/parts.ts'
import type { ReportedAccess, Span } from './report.ts'

type Company = ReportedAccess['company']

export interface CompanyTally {
  readonly company: Company
  readonly units: ReadonlyMap<string, Titled>
  readonly purposes: ReadonlyMap<string, Titled>
  readonly seen: Span
}

interface Counting {
  readonly company: Company
  readonly units: Map<string, Titled>
  readonly purposes: Map<string, Titled>
  seen: Span
}

export const NONE_SEEN: Span = { accesses: 0, first: null, last: null }

/** All that a report says of its accesses taken together, counted as they go by. */
export class AccessTally {
  readonly #monthOf: (instant: string) => string
  readonly #companies = new Map<string | null, Counting>()
  readonly #contracts = new Map<string | null, Span>()
  readonly #purposes = new Map<string | null, number>()
  readonly #months = new Map<string, number>()
  readonly #resources = new Set<string>()
  readonly #operators = new Set<string>()
  #seen = NONE_SEEN

  constructor(timeZone: string) {
    this.#monthOf = monthIn(timeZone)
  }

  add(access: ReportedAccess): void {
    const { at, company, unit, purpose, contract, records, operator } = access
    this.#seen = wider(this.#seen, at)
    const ours = this.#companies.get(company?.id ?? null) ?? {
      company,
      units: new Map(),
      purposes: new Map(),
      seen: NONE_SEEN,
    }
    ours.seen = wider(ours.seen, at)
    if (unit !== null) ours.units.set(unit.id, unit)
    if (purpose !== null) ours.purposes.set(purpose.id, { id: purpose.id, title: purpose.title })
    this.#companies.set(company?.id ?? null, ours)
    const byContract = contract?.id ?? null
    this.#contracts.set(byContract, wider(this.#contracts.get(byContract) ?? NONE_SEEN, at))
    const byPurpose = purpose?.id ?? null
    this.#purposes.set(byPurpose, (this.#purposes.get(byPurpose) ?? 0) + 1)
    const month = this.#monthOf(at)
    this.#months.set(month, (this.#months.get(month) ?? 0) + 1)
    for (const { resource } of records) this.#resources.add(resource.id)
    if (operator !== null) this.#operators.add(operator)
  }

  /** Pseudonyms of those who looked. */
  get operators(): ReadonlySet<string> {
    return this.#operators
  }

  get seen(): Span {
    return this.#seen
  }

  /** By the id of the company; `null` for the body's own staff. */
  get companies(): ReadonlyMap<string | null, CompanyTally> {
    return this.#companies
  }

  get contracts(): ReadonlyMap<string | null, Span> {
    return this.#contracts
  }

  get purposes(): ReadonlyMap<string | null, number> {
    return this.#purposes
  }

  /** Months with accesses, where the body is. */
  get months(): ReadonlyMap<string, number> {
    return this.#months
  }

  /** Resources whose records were shown. */
  get resources(): ReadonlySet<string> {
    return this.#resources
  }
}

/** Fixed-width UTC instants order as text. */
function wider({ accesses, first, last }: Span, at: string): Span {
  return {
    accesses: accesses + 1,
    first: first === null || at < first ? at : first,
    last: last === null || at > last ? at : last,
  }
}
