import type { KeyObject } from 'node:crypto'
import { subjectLookup } from '@varco/access-log'
import type { WatchedEvent } from '../feed/event-feed.ts'
import type { WatchSetup } from '../rules/watch-setup.ts'
import {
  MAX_WORK_EVIDENCE,
  type Dimension,
  type RecentRefusal,
  type RefusalCount,
  type WorkCount,
} from './watch-store.ts'

const MINUTE_US = 60_000_000
const MONTHS_KEPT = 3

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly string[] ? string[] : T[K] }

/** A count as it grows within a batch, and who has been told to the store as being behind it. */
interface Tally {
  count: Growing<WorkCount> | null
  readonly told: Set<string>
}

/** The tallies of one contract in one month, by decision, dimension and value. */
type Month = ReadonlyMap<string, Map<string, Tally>>

/** Counts what kinds of work each contract does, month by month, and what was refused. Batch by batch; the store adds up. */
export class WorkCounter {
  readonly #hashOf: (count: string, operator: string) => string
  readonly #months = new Map<string, Map<string | null, Month>>()
  readonly #growing = new Set<Tally>()
  #refusals = new Map<string, Growing<RefusalCount>>()

  /** @param key outside the database: without it the hashes of workers say nothing */
  constructor(key: KeyObject) {
    const lookup = subjectLookup(key)
    this.#hashOf = (count, operator) =>
      Buffer.from(lookup({ kind: `watch:${count}`, id: operator }), 'latin1').toString('hex')
  }

  count(event: WatchedEvent, month: string, setup: WatchSetup): void {
    const { decision } = event
    if (decision === null) return
    const tallies = this.#month(month, event.contract)
    this.#add(event, month, tallies, decision, 'purpose', event.purpose ?? '')
    this.#add(event, month, tallies, decision, 'action', event.action ?? '')
    const categories = setup.categories.get(event.resource ?? '')
    if (categories === undefined || event.fields.length === 0) return
    const counted: string[] = []
    for (const field of event.fields) {
      const category = categories.get(field)
      if (category === undefined || counted.includes(category)) continue
      counted.push(category)
      this.#add(event, month, tallies, decision, 'category', category)
    }
  }

  refused(refusal: RecentRefusal, month: string): void {
    const count = this.#refusal(refusal, month)
    count.refusals++
    const worker = this.#hashOf(keyOfRefusal(refusal, month), refusal.operator)
    if (!count.workers.includes(worker)) count.workers.push(worker)
  }

  /** An access under a grant came of the refusal, which was given then. */
  granted(refusal: RecentRefusal, month: string, at: number): void {
    const count = this.#refusal(refusal, month)
    count.granted++
    count.minutes += Math.round((at - refusal.at) / MINUTE_US)
  }

  take(): { readonly work: readonly WorkCount[]; readonly refusalCounts: readonly RefusalCount[] } {
    const work = [...this.#growing].flatMap((tally) => tally.count ?? [])
    const refusalCounts = [...this.#refusals.values()]
    for (const tally of this.#growing) tally.count = null
    this.#growing.clear()
    this.#refusals = new Map()
    const months = [...this.#months.keys()].sort()
    for (const month of months.slice(0, -MONTHS_KEPT)) this.#months.delete(month)
    return { work, refusalCounts }
  }

  #month(month: string, contract: string | null): Month {
    let contracts = this.#months.get(month)
    if (contracts === undefined) this.#months.set(month, (contracts = new Map()))
    let tallies = contracts.get(contract)
    if (tallies === undefined)
      contracts.set(contract, (tallies = new Map(KINDS.map((kind) => [kind, new Map()]))))
    return tallies
  }

  #add(
    { contract, at, id, operator }: WatchedEvent,
    month: string,
    tallies: Month,
    decision: 'permit' | 'deny',
    dimension: Dimension,
    value: string,
  ): void {
    const tally = tallyOf(tallies.get(KIND_OF[decision][dimension]), value)
    if (tally.count === null) {
      tally.count = {
        ...{ contract, month, dimension, value, decision, accesses: 0, firstAt: at, lastAt: at },
        evidence: [],
        workers: [],
      }
      this.#growing.add(tally)
    }
    const { count, told } = tally
    count.accesses++
    if (at < count.firstAt) count.firstAt = at
    if (at > count.lastAt) count.lastAt = at
    if (count.evidence.length < MAX_WORK_EVIDENCE) count.evidence.push(id)
    if (operator === null || told.has(operator)) return
    told.add(operator)
    const name = `${contract ?? ''}|${month}|${dimension}|${value}|${decision}`
    count.workers.push(this.#hashOf(name, operator))
  }

  #refusal(refusal: RecentRefusal, month: string): Growing<RefusalCount> {
    const { contract, resource, reason, field } = refusal
    const key = keyOfRefusal(refusal, month)
    const count = this.#refusals.get(key) ?? {
      ...{ contract, month, purpose: refusal.purpose ?? '', resource, reason, field },
      ...{ refusals: 0, granted: 0, minutes: 0 },
      workers: [],
    }
    this.#refusals.set(key, count)
    return count
  }
}

function tallyOf(values: Map<string, Tally> | undefined, value: string): Tally {
  const known = values?.get(value)
  if (known !== undefined) return known
  const made: Tally = { count: null, told: new Set() }
  values?.set(value, made)
  return made
}

const KIND_OF = {
  permit: { purpose: 'permit purpose', action: 'permit action', category: 'permit category' },
  deny: { purpose: 'deny purpose', action: 'deny action', category: 'deny category' },
} as const
const KINDS = [...Object.values(KIND_OF.permit), ...Object.values(KIND_OF.deny)]

function keyOfRefusal({ contract, purpose, resource, reason, field }: RecentRefusal, month: string): string {
  return `${contract ?? ''}|${month}|${purpose ?? ''}|${resource}|${reason}|${field}`
}
