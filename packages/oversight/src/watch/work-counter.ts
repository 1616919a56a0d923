import type { KeyObject } from 'node:crypto'
import { hmacSha256 } from '@varco/core'
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
const WORKER_HEX_CHARS = 32

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly string[] ? string[] : T[K] }

/** A count as it grows within a batch, and who has been told to the store as being behind it. */
interface Tally {
  readonly key: Pick<WorkCount, 'contract' | 'month' | 'dimension' | 'value' | 'decision'>
  count: Growing<WorkCount> | null
  readonly told: Set<string>
}

/** Everything that work of one kind adds to, and who has been told as being behind all of it. */
interface WorkKind {
  readonly tallies: readonly Tally[]
  readonly told: Set<string>
}

/** The tallies of one contract in one month. */
interface Month {
  /** By decision, dimension and value. */
  readonly tallies: ReadonlyMap<string, Map<string, Tally>>
  /**
   * Which of them an access adds to, by the fields it showed and then by its purpose, action, resource and decision: the
   * same few kinds come again and again.
   */
  kinds: WeakMap<readonly string[], Kinds<Kinds<Kinds<Kinds<WorkKind>>>>>
}

type Kinds<T> = Map<string | null, T>

/** Counts what kinds of work each contract does, month by month, and what was refused. Batch by batch; the store adds up. */
export class WorkCounter {
  readonly #hashOf: (count: string, operator: string) => string
  readonly #months = new Map<string, Map<string | null, Month>>()
  readonly #growing = new Set<Tally>()
  #setup: WatchSetup | null = null
  #refusals = new Map<string, Growing<RefusalCount>>()

  /** @param key outside the database: without it the hashes of workers say nothing */
  constructor(key: KeyObject) {
    const hmac = hmacSha256(key.export(), 'hex')
    this.#hashOf = (count, operator) => hmac(`watch:${count}\0${operator}`).slice(0, WORKER_HEX_CHARS)
  }

  count(event: WatchedEvent, month: string, setup: WatchSetup): void {
    if (event.decision === null) return
    const { at, id, operator } = event
    const kind = this.#kindOf(event, event.decision, month, setup)
    const isTold = operator === null || kind.told.has(operator)
    for (const tally of kind.tallies) {
      const count = (tally.count ??= this.#begin(tally, at))
      count.accesses++
      if (at < count.firstAt) count.firstAt = at
      if (at > count.lastAt) count.lastAt = at
      if (count.evidence.length < MAX_WORK_EVIDENCE) count.evidence.push(id)
      if (isTold || tally.told.has(operator)) continue
      tally.told.add(operator)
      const name = `${count.contract ?? ''}|${month}|${count.dimension}|${count.value}|${count.decision}`
      count.workers.push(this.#hashOf(name, operator))
    }
    if (!isTold) kind.told.add(operator)
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
    const worker = this.#hashOf(`${keyOfRefusal(refusal, month)}|granted`, refusal.operator)
    if (!count.grantedWorkers.includes(worker)) count.grantedWorkers.push(worker)
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

  #kindOf(
    { fields, purpose, action, resource, contract }: WatchedEvent,
    decision: 'permit' | 'deny',
    month: string,
    setup: WatchSetup,
  ): WorkKind {
    if (setup !== this.#setup) {
      // Other categories, perhaps: what is counted stays, what adds to what is worked out anew.
      for (const contracts of this.#months.values())
        for (const each of contracts.values()) each.kinds = new WeakMap()
      this.#setup = setup
    }
    const { kinds, tallies } = this.#month(month, contract)
    let byPurpose = kinds.get(fields)
    if (byPurpose === undefined) kinds.set(fields, (byPurpose = new Map()))
    const byDecision = within(within(within(byPurpose, purpose), action), resource)
    let found = byDecision.get(decision)
    if (found !== undefined) return found
    const categories = setup.categories.get(resource ?? '')
    const shown = new Set(fields.flatMap((field) => categories?.get(field) ?? []))
    const key = { contract, month, decision }
    const tally = (dimension: Dimension, value: string): Tally =>
      tallyOf(tallies.get(KIND_OF[decision][dimension]), { ...key, dimension, value })
    found = {
      tallies: [
        tally('purpose', purpose ?? ''),
        tally('action', action ?? ''),
        ...[...shown].map((category) => tally('category', category)),
      ],
      told: new Set(),
    }
    byDecision.set(decision, found)
    return found
  }

  #month(month: string, contract: string | null): Month {
    let contracts = this.#months.get(month)
    if (contracts === undefined) this.#months.set(month, (contracts = new Map()))
    let found = contracts.get(contract)
    if (found === undefined) {
      found = { tallies: new Map(KINDS.map((kind) => [kind, new Map()])), kinds: new WeakMap() }
      contracts.set(contract, found)
    }
    return found
  }

  #begin(tally: Tally, at: number): Growing<WorkCount> {
    this.#growing.add(tally)
    return { ...tally.key, accesses: 0, firstAt: at, lastAt: at, evidence: [], workers: [] }
  }

  #refusal(refusal: RecentRefusal, month: string): Growing<RefusalCount> {
    const { contract, resource, reason, field } = refusal
    const key = keyOfRefusal(refusal, month)
    const count = this.#refusals.get(key) ?? {
      ...{ contract, month, purpose: refusal.purpose ?? '', resource, reason, field },
      ...{ refusals: 0, granted: 0, minutes: 0 },
      ...{ workers: [], grantedWorkers: [] },
    }
    this.#refusals.set(key, count)
    return count
  }
}

function tallyOf(values: Map<string, Tally> | undefined, key: Tally['key']): Tally {
  const known = values?.get(key.value)
  if (known !== undefined) return known
  const made: Tally = { key, count: null, told: new Set() }
  values?.set(key.value, made)
  return made
}

function within<T>(kinds: Kinds<Kinds<T>>, key: string | null): Kinds<T> {
  let found = kinds.get(key)
  if (found === undefined) kinds.set(key, (found = new Map()))
  return found
}

const KIND_OF = {
  permit: { purpose: 'permit purpose', action: 'permit action', category: 'permit category' },
  deny: { purpose: 'deny purpose', action: 'deny action', category: 'deny category' },
} as const
const KINDS = [...Object.values(KIND_OF.permit), ...Object.values(KIND_OF.deny)]

function keyOfRefusal({ contract, purpose, resource, reason, field }: RecentRefusal, month: string): string {
  return `${contract ?? ''}|${month}|${purpose ?? ''}|${resource}|${reason}|${field}`
}
