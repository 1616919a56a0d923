import type { SubjectLookup } from '@varco/access-log'
import type { WatchedEvent } from '@varco/oversight'
import type { Step } from './oversight-walk.ts'

/**
 * Steps as one thread hands them to another: numbers in two buffers, which change hands without being copied, and each text
 * and list of texts once, when it first comes. Objects would be taken apart and put together again one by one.
 */
export interface PackedSteps {
  /** Of each step its place in the tree and its time. */
  readonly places: Float64Array<ArrayBuffer>
  /** Of each event the numbers of its texts and lists, as many as `WIDTH`; of a step without one the first is `NO_EVENT`. */
  readonly numbers: Int32Array<ArrayBuffer>
  /** The numbers from here on, in their order. */
  readonly texts: readonly string[]
  readonly lists: readonly (readonly string[])[]
  /** Numbers begin anew. */
  readonly isAnew: boolean
}

const WIDTH = 16
const NO_EVENT = -2
const NONE = -1
const DECISIONS = ['permit', 'deny'] as const
/** Beyond so many texts, or lists, both sides forget them. */
const MOST_KNOWN = 100_000

/** One for all that is sent one way. */
export class StepPacker {
  #texts = new Map<string, number>()
  #lists = new Map<string, number>()
  #numbered = new WeakMap<readonly string[], number>()
  #newTexts: string[] = []
  #newLists: (readonly string[])[] = []

  pack(steps: readonly Step[]): PackedSteps {
    const isAnew = this.#texts.size > MOST_KNOWN || this.#lists.size > MOST_KNOWN
    if (isAnew) {
      this.#texts = new Map()
      this.#lists = new Map()
      this.#numbered = new WeakMap()
    }
    const places = new Float64Array(steps.length * 2)
    const numbers = new Int32Array(steps.length * WIDTH)
    for (const [i, { seq, at, event }] of steps.entries()) {
      places[i * 2] = seq
      places[i * 2 + 1] = at
      if (event === null) numbers[i * WIDTH] = NO_EVENT
      else this.#put(numbers, i * WIDTH, event)
    }
    const packed = { places, numbers, texts: this.#newTexts, lists: this.#newLists, isAnew }
    this.#newTexts = []
    this.#newLists = []
    return packed
  }

  #put(numbers: Int32Array, at: number, event: WatchedEvent): void {
    numbers[at] = this.#text(event.operator)
    numbers[at + 1] = this.#text(event.contract)
    numbers[at + 2] = this.#text(event.role)
    numbers[at + 3] = this.#text(event.unit)
    numbers[at + 4] = this.#text(event.workstation)
    numbers[at + 5] = this.#text(event.purpose)
    numbers[at + 6] = this.#text(event.ticket)
    numbers[at + 7] = this.#text(event.grant)
    numbers[at + 8] = this.#text(event.action)
    numbers[at + 9] = this.#text(event.resource)
    numbers[at + 10] = event.decision === null ? NONE : DECISIONS.indexOf(event.decision)
    numbers[at + 11] = this.#list(event.reasons)
    numbers[at + 12] = this.#list(event.rules)
    numbers[at + 13] = this.#list(event.fields)
    numbers[at + 14] = this.#list(event.filters)
    // Made for each event: there is no meeting the same one again.
    numbers[at + 15] = this.#listed(event.subjects)
  }

  #text(text: string | null): number {
    if (text === null) return NONE
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const number = this.#texts.size
    this.#texts.set(text, number)
    this.#newTexts.push(text)
    return number
  }

  #list(list: readonly string[]): number {
    const known = this.#numbered.get(list)
    if (known !== undefined) return known
    const number = this.#listed(list)
    this.#numbered.set(list, number)
    return number
  }

  #listed(list: readonly string[]): number {
    if (list.length === 0) return NONE
    const key = list.length === 1 ? `1${list[0]}` : `2${JSON.stringify(list)}`
    const known = this.#lists.get(key)
    if (known !== undefined) return known
    const number = this.#lists.size
    this.#lists.set(key, number)
    this.#newLists.push(list)
    return number
  }
}

const EMPTY: readonly string[] = []

/** One for all that comes one way, in the order in which it was packed. */
export class StepUnpacker {
  #texts: string[] = []
  #lists: (readonly string[])[] = []

  /** @param tree what the ids of its events begin with, `writer.epoch.` */
  unpack({ places, numbers, texts, lists, isAnew }: PackedSteps, tree: string): readonly Step[] {
    if (isAnew) [this.#texts, this.#lists] = [[], []]
    for (const text of texts) this.#texts.push(text)
    for (const list of lists) this.#lists.push(list)
    const steps: Step[] = []
    for (let i = 0; i * 2 < places.length; i++) {
      const [seq, at] = [places[i * 2] ?? 0, places[i * 2 + 1] ?? 0]
      const isEvent = numbers[i * WIDTH] !== NO_EVENT
      steps.push({ seq, at, event: isEvent ? this.#event(numbers, i * WIDTH, { id: tree + seq, at }) : null })
    }
    return steps
  }

  #event(numbers: Int32Array, place: number, { id, at }: Pick<WatchedEvent, 'id' | 'at'>): WatchedEvent {
    const text = (column: number): string | null => this.#texts[numbers[place + column] ?? NONE] ?? null
    const list = (column: number): readonly string[] => this.#lists[numbers[place + column] ?? NONE] ?? EMPTY
    return {
      ...{ id, at, operator: text(0), contract: text(1), role: text(2), unit: text(3) },
      ...{ workstation: text(4), purpose: text(5), ticket: text(6), grant: text(7) },
      ...{ action: text(8), resource: text(9), decision: DECISIONS[numbers[place + 10] ?? NONE] ?? null },
      ...{ reasons: list(11), rules: list(12), fields: list(13), filters: list(14) },
      subjects: list(15) as readonly SubjectLookup[],
    }
  }
}
