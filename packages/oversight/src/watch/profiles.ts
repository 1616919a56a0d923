import type { SubjectLookup } from '@varco/access-log'
import type { WatchedEvent } from '../feed/event-feed.ts'
import type { OperatorDay } from './operator-day.ts'

/** How one operator stands beside the peers: same contract, role and unit. */
export interface Peers {
  readonly median: number
  readonly peers: number
}

/** What of ninety days nothing explains: of whom, and of which municipalities. */
interface Reach {
  readonly people: Map<SubjectLookup, number>
  readonly places: Map<string, number>
}

/** The longest that any rule looks back, in days. */
export const LOOK_BACK_DAYS = 90
/** Days of the peers that a day is compared with. */
const PEER_DAYS = 28
/** Fewer peers are no group: comparing with them would show each one's work (L. 300/1970, art. 4). */
const MIN_PEERS = 5

/** The days the rules may still look back on, in memory. Bounded by time: what is older is forgotten, here and in the store. */
export class Profiles {
  readonly #operators = new Map<string, Map<number, OperatorDay>>()
  readonly #reach = new Map<string, Reach>()
  readonly #groups = new Map<string, Set<string>>()
  readonly #changed = new Set<OperatorDay>()
  readonly #peerVolumes = new Map<string, Peers | null>()
  readonly #peerReach = new Map<string, Peers | null>()
  #last = 0

  constructor(days: readonly OperatorDay[]) {
    for (const day of days.toSorted((a, b) => a.day - b.day)) {
      this.#keep(day)
      for (const [lookup, place] of day.loose) this.#reached(day, lookup, place)
    }
  }

  /** The operator's day, made where there was none, as of the work that it begins with. */
  day(
    operator: string,
    day: number,
    { contract, role, unit }: Pick<WatchedEvent, 'contract' | 'role' | 'unit'>,
  ): OperatorDay {
    const known = this.#operators.get(operator)?.get(day)
    if (known !== undefined) return known
    const made: OperatorDay = {
      ...{ operator, day, contract, role: role ?? '', unit: unit ?? '' },
      people: new Set(),
      loose: new Map(),
      marks: new Map(),
    }
    this.#keep(made)
    return made
  }

  /** Days of one operator, from the first to the last named, those there are. */
  between(operator: string, from: number, to: number): readonly OperatorDay[] {
    const days = this.#operators.get(operator)
    if (days === undefined) return []
    return Array.from({ length: to - from + 1 }, (_, i) => days.get(from + i)).filter(
      (day) => day !== undefined,
    )
  }

  saw(day: OperatorDay, lookup: SubjectLookup): void {
    if (day.people.has(lookup)) return
    day.people.add(lookup)
    this.#changed.add(day)
  }

  sawLoose(day: OperatorDay, lookup: SubjectLookup, place: string): void {
    this.#reached(day, lookup, place)
    if (day.loose.has(lookup)) return
    day.loose.set(lookup, place)
    this.#changed.add(day)
  }

  touch(day: OperatorDay): void {
    this.#changed.add(day)
  }

  /** People and municipalities reached without an explanation in the days up to the one given. */
  reachOf({ operator, day }: OperatorDay): { readonly people: number; readonly municipalities: number } {
    const reach = this.#reach.get(operator)
    if (reach === undefined) return { people: 0, municipalities: 0 }
    forget(reach, day - LOOK_BACK_DAYS)
    return { people: reach.people.size, municipalities: reach.places.size }
  }

  /** The peers' median of people seen on a day, over the weeks before this one; `null` where they are too few. */
  peerVolume(day: OperatorDay): Peers | null {
    const key = `${groupOf(day)}|${day.day}|${day.operator}`
    return remembered(this.#peerVolumes, key, () => {
      const peers = this.#peersOf(day)
      if (peers.length < MIN_PEERS) return null
      const counts = peers.flatMap((peer) =>
        this.between(peer, day.day - PEER_DAYS, day.day - 1).flatMap(({ people }) => people.size),
      )
      return counts.length === 0 ? null : { median: median(counts), peers: peers.length }
    })
  }

  /** The peers' median of people reached without an explanation; `null` where they are too few. */
  peerReach(day: OperatorDay): Peers | null {
    const key = `${groupOf(day)}|${day.day}|${day.operator}`
    return remembered(this.#peerReach, key, () => {
      const peers = this.#peersOf(day)
      if (peers.length < MIN_PEERS) return null
      const counts = peers.map((peer) => this.#reach.get(peer)?.people.size ?? 0)
      return { median: median(counts), peers: peers.length }
    })
  }

  /** What changed since it was last asked, and is still known. */
  takeChanged(): readonly OperatorDay[] {
    const first = this.firstKept
    const changed = [...this.#changed].filter(({ day }) => day >= first)
    this.#changed.clear()
    return changed
  }

  /** Days before this one are forgotten. */
  get firstKept(): number {
    return this.#last - LOOK_BACK_DAYS
  }

  /** Forgets what no rule looks back on any more, and how peers stood. */
  forgetOld(): void {
    this.#peerVolumes.clear()
    this.#peerReach.clear()
    const first = this.firstKept
    for (const [operator, days] of this.#operators) {
      for (const day of days.keys()) if (day < first) days.delete(day)
      if (days.size > 0) continue
      this.#operators.delete(operator)
      this.#reach.delete(operator)
      for (const group of this.#groups.values()) group.delete(operator)
    }
    for (const reach of this.#reach.values()) forget(reach, first)
  }

  #keep(day: OperatorDay): void {
    const days = this.#operators.get(day.operator) ?? new Map<number, OperatorDay>()
    this.#operators.set(day.operator, days)
    days.set(day.day, day)
    const name = groupOf(day)
    const group = this.#groups.get(name) ?? new Set()
    this.#groups.set(name, group)
    group.add(day.operator)
    if (day.day > this.#last) this.#last = day.day
  }

  #reached({ operator, day }: OperatorDay, lookup: SubjectLookup, place: string): void {
    const reach = this.#reach.get(operator) ?? { people: new Map(), places: new Map() }
    this.#reach.set(operator, reach)
    renew(reach.people, lookup, day)
    if (place !== '') renew(reach.places, place, day)
  }

  #peersOf(day: OperatorDay): readonly string[] {
    return [...(this.#groups.get(groupOf(day)) ?? [])].filter((operator) => operator !== day.operator)
  }
}

function groupOf({ contract, role, unit }: OperatorDay): string {
  return `${contract ?? ''}|${role}|${unit}`
}

/** Keeps a map in the order of its days, so that the old can be dropped from its front. */
function renew<K>(days: Map<K, number>, key: K, day: number): void {
  const known = days.get(key)
  if (known !== undefined && known >= day) return
  days.delete(key)
  days.set(key, day)
}

function forget({ people, places }: Reach, before: number): void {
  for (const days of [people, places]) {
    for (const [key, day] of days) {
      if (day >= before) break
      days.delete(key)
    }
  }
}

function remembered<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = make()
  cache.set(key, made)
  return made
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
