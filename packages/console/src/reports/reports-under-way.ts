import type { ReportFormat } from './report-formats.ts'
import type { ReportKind, ReportOutcome, ReportUnderWay } from './report-maker.ts'

/** A document somebody waits for, or may still fetch. */
export interface OrderedReport {
  readonly id: string
  readonly kind: ReportKind
  readonly format: ReportFormat
  /** Pseudonym of who ordered it; nobody else learns of it. */
  readonly owner: string
  readonly report: ReportUnderWay
  /** `null` while it is being made. */
  readonly outcome: ReportOutcome | null
}

/** How long a document can be fetched once it is there. */
export const KEPT_MINUTES = 15
/** Documents that wait to be fetched, all together; beyond, the one goes that was there first. */
const MOST_KEPT = 8

/** Long documents of this process. They go with it, and each when nobody has fetched it for a while. */
export class ReportsUnderWay {
  readonly #ordered = new Map<string, OrderedReport>()
  /** Those of them that are over, in the order in which they were. */
  readonly #over = new Set<string>()
  readonly #newId: () => string

  constructor(newId: () => string) {
    this.#newId = newId
  }

  add(order: Omit<OrderedReport, 'id' | 'outcome'>): OrderedReport {
    const ordered: OrderedReport = { ...order, id: this.#newId(), outcome: null }
    this.#ordered.set(ordered.id, ordered)
    void this.#keep(ordered)
    return ordered
  }

  async #keep(ordered: OrderedReport): Promise<void> {
    const outcome = await ordered.report.outcome
    if (!this.#ordered.has(ordered.id)) return
    this.#ordered.set(ordered.id, { ...ordered, outcome })
    setTimeout(() => void this.drop(ordered.id), KEPT_MINUTES * 60_000).unref()
    this.#over.add(ordered.id)
    for (const id of [...this.#over].slice(0, -MOST_KEPT)) void this.drop(id)
  }

  find(id: string): OrderedReport | null {
    return this.#ordered.get(id) ?? null
  }

  /** Those of a person under any of their pseudonyms, the latest first. */
  of(owners: readonly string[]): readonly OrderedReport[] {
    return [...this.#ordered.values()].filter(({ owner }) => owners.includes(owner)).toReversed()
  }

  /** Gives it up, and lets go of what there is of it. */
  async drop(id: string): Promise<void> {
    const ordered = this.#ordered.get(id)
    this.#ordered.delete(id)
    this.#over.delete(id)
    await ordered?.report[Symbol.asyncDispose]()
  }
}
