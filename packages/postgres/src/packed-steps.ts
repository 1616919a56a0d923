import type { SubjectLookup } from '@varco/access-log'
import type { WatchedEvent } from '@varco/oversight'
import { KnownTexts, textHash } from './known-texts.ts'

/**
 * Steps of one tree as they are read and as one thread hands them to another: numbers in two buffers, which change hands without
 * being copied, and each text and list of texts once, when it first comes. Objects would be made on one side, taken apart,
 * and put together again on the other.
 */
export interface PackedSteps {
  readonly count: number
  /** Of each step its place in the tree, its time there, and the time its event tells. */
  readonly places: Float64Array<ArrayBuffer>
  /** Of each event the numbers of its texts and lists, by `COLUMN`; of a step without one the first is `NO_EVENT`. */
  readonly numbers: Int32Array<ArrayBuffer>
  /** The numbers from here on, in their order. */
  readonly texts: readonly string[]
  readonly lists: readonly (readonly string[])[]
  /** Numbers begin anew. */
  readonly isAnew: boolean
}

/** Where the parts of an event stand in its row. */
export const COLUMN = {
  ...{ operator: 0, contract: 1, role: 2, unit: 3, workstation: 4, purpose: 5, ticket: 6, grant: 7 },
  ...{
    action: 8,
    resource: 9,
    decision: 10,
    reasons: 11,
    rules: 12,
    fields: 13,
    refusedField: 14,
    subjects: 15,
  },
} as const
const WIDTH = 16
const PLACES = 3
const NO_EVENT = -2
/** The number of no text, and of an empty list. */
export const NONE = -1
const DECISIONS = ['permit', 'deny'] as const
/** Beyond so many texts, or lists, both sides forget them. */
const MOST_KNOWN = 100_000
/** Or so many entries of lists together: an event may have shown thousands of people. */
const MOST_ENTRIES = 500_000
const LOOKUP_BYTES = 16
const EMPTY: readonly string[] = []

/** An event but for what its row tells: where it stands, and whom it showed. */
export type PlacelessEvent = Omit<WatchedEvent, 'id' | 'subjects'>

/** Packs the steps of one tree, in lots of a size. */
export class StepPacker {
  readonly #size: number
  #texts: KnownTexts
  #lists: KnownTexts
  #subjects: KnownTexts
  #joined = new Map<number, number>()
  #newTexts: string[] = []
  #newLists: (readonly string[])[] = []
  #allLists: (readonly string[])[] = []
  #textCount = 0
  #entryCount = 0
  #isAnew = false
  #places: Float64Array<ArrayBuffer>
  #count = 0
  /** Of the lot that is being packed. */
  numbers: Int32Array<ArrayBuffer>

  /** @param size most steps of a lot */
  constructor(size: number) {
    this.#size = size
    this.#places = new Float64Array(size * PLACES)
    this.numbers = new Int32Array(size * WIDTH)
    this.#texts = this.#numberedTexts()
    this.#lists = this.#numberedLists()
    this.#subjects = this.#numberedSubjects()
  }

  get isFull(): boolean {
    return this.#count === this.#size
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** Begins a step. Its event follows: its time, and its parts from the place in `numbers` that is given back; or that it has none. */
  begin(seq: number, at: number): number {
    const i = this.#count++
    this.#places[i * PLACES] = seq
    this.#places[i * PLACES + 1] = at
    return i * WIDTH
  }

  /** The time that the event of the step begun tells. */
  eventAt(at: number): void {
    this.#places[(this.#count - 1) * PLACES + 2] = at
  }

  withoutEvent(row: number): void {
    this.numbers[row] = NO_EVENT
  }

  put(row: number, event: PlacelessEvent, subjects: number): void {
    const { numbers } = this
    this.eventAt(event.at)
    numbers[row + COLUMN.operator] = this.textNumber(event.operator)
    numbers[row + COLUMN.contract] = this.textNumber(event.contract)
    numbers[row + COLUMN.role] = this.textNumber(event.role)
    numbers[row + COLUMN.unit] = this.textNumber(event.unit)
    numbers[row + COLUMN.workstation] = this.textNumber(event.workstation)
    numbers[row + COLUMN.purpose] = this.textNumber(event.purpose)
    numbers[row + COLUMN.ticket] = this.textNumber(event.ticket)
    numbers[row + COLUMN.grant] = this.textNumber(event.grant)
    numbers[row + COLUMN.action] = this.textNumber(event.action)
    numbers[row + COLUMN.resource] = this.textNumber(event.resource)
    numbers[row + COLUMN.decision] = event.decision === null ? NONE : DECISIONS.indexOf(event.decision)
    numbers[row + COLUMN.reasons] = this.listNumber(event.reasons)
    numbers[row + COLUMN.rules] = this.listNumber(event.rules)
    numbers[row + COLUMN.fields] = this.listNumber(event.fields)
    numbers[row + COLUMN.refusedField] = this.textNumber(event.refusedField)
    numbers[row + COLUMN.subjects] = subjects
  }

  /** The lot, and begins another. */
  take(): PackedSteps {
    const lot = {
      ...{ count: this.#count, places: this.#places, numbers: this.numbers },
      ...{ texts: this.#newTexts, lists: this.#newLists, isAnew: this.#isAnew },
    }
    this.#places = new Float64Array(this.#size * PLACES)
    this.numbers = new Int32Array(this.#size * WIDTH)
    this.#count = 0
    this.#newTexts = []
    this.#newLists = []
    this.#isAnew =
      this.#textCount > MOST_KNOWN || this.#allLists.length > MOST_KNOWN || this.#entryCount > MOST_ENTRIES
    if (this.#isAnew) this.#forget()
    return lot
  }

  /** The number of a text that stands in bytes, without decoding it where it is known. */
  textAt(bytes: Buffer, start: number, end: number, hash: number): number {
    return this.#texts.of(bytes, start, end, hash)
  }

  /** Likewise of a list of texts, which stands there as JSON. */
  listAt(bytes: Buffer, start: number, end: number, hash: number): number {
    return this.#lists.of(bytes, start, end, hash)
  }

  /** Likewise of lookups that stand there one behind the other. */
  subjectsAt(bytes: Buffer, start: number, end: number): number {
    if (end === start) return NONE
    // A lookup is a keyed hash itself.
    const hash = end - start === LOOKUP_BYTES ? bytes.readInt32LE(start) : textHash(bytes, start, end)
    return this.#subjects.of(bytes, start, end, hash)
  }

  /** One list and then the other, as one; made once for each pair. */
  joined(first: number, second: number): number {
    if (first === NONE) return second
    if (second === NONE) return first
    const pair = first * 2 ** 26 + second
    let found = this.#joined.get(pair)
    if (found === undefined) {
      found = this.#addList([...(this.#allLists[first] ?? EMPTY), ...(this.#allLists[second] ?? EMPTY)])
      this.#joined.set(pair, found)
    }
    return found
  }

  listNumber(list: readonly string[]): number {
    if (list.length === 0) return NONE
    const bytes = Buffer.from(JSON.stringify(list))
    return this.#lists.of(bytes, 0, bytes.length, textHash(bytes, 0, bytes.length))
  }

  /** Likewise of a text that is there as one. */
  textNumber(text: string | null): number {
    if (text === null) return NONE
    const bytes = Buffer.from(text)
    return this.#texts.of(bytes, 0, bytes.length, textHash(bytes, 0, bytes.length))
  }

  #numberedTexts(): KnownTexts {
    return new KnownTexts((bytes, start, end) => {
      this.#newTexts.push(bytes.toString('utf8', start, end))
      return this.#textCount++
    })
  }

  #numberedLists(): KnownTexts {
    return new KnownTexts((bytes, start, end) =>
      this.#addList(JSON.parse(bytes.toString('utf8', start, end)) as readonly string[]),
    )
  }

  #numberedSubjects(): KnownTexts {
    return new KnownTexts((bytes, start, end) => {
      const lookups = new Set<string>()
      for (let at = start; at < end; at += LOOKUP_BYTES)
        lookups.add(bytes.toString('latin1', at, at + LOOKUP_BYTES))
      return this.#addList([...lookups])
    })
  }

  #addList(list: readonly string[]): number {
    this.#newLists.push(list)
    this.#entryCount += list.length
    return this.#allLists.push(list) - 1
  }

  #forget(): void {
    this.#texts = this.#numberedTexts()
    this.#lists = this.#numberedLists()
    this.#subjects = this.#numberedSubjects()
    this.#joined = new Map()
    this.#allLists = []
    this.#textCount = 0
    this.#entryCount = 0
  }
}

/** Reads the lots of one tree, in the order in which they were packed. */
export class StepUnpacker {
  /** What the ids of the tree's events begin with, `writer.epoch.` */
  readonly #tree: string
  #texts: string[] = []
  #lists: (readonly string[])[] = []
  #steps: Pick<PackedSteps, 'count' | 'places' | 'numbers'> = {
    ...{ count: 0, places: new Float64Array(0), numbers: new Int32Array(0) },
  }

  constructor(tree: string) {
    this.#tree = tree
  }

  /** From now on the steps are those of this lot. */
  open({ count, places, numbers, texts, lists, isAnew }: PackedSteps): void {
    if (isAnew) [this.#texts, this.#lists] = [[], []]
    for (const text of texts) this.#texts.push(text)
    for (const list of lists) this.#lists.push(list)
    this.#steps = { count, places, numbers }
  }

  get count(): number {
    return this.#steps.count
  }

  seq(i: number): number {
    return this.#steps.places[i * PLACES] ?? 0
  }

  at(i: number): number {
    return this.#steps.places[i * PLACES + 1] ?? 0
  }

  /** `null` where the step has none. */
  event(i: number): WatchedEvent | null {
    const { numbers, places } = this.#steps
    const row = i * WIDTH
    if (numbers[row] === NO_EVENT) return null
    return {
      id: this.#tree + this.seq(i),
      at: places[i * PLACES + 2] ?? 0,
      operator: this.#text(numbers[row + COLUMN.operator]),
      contract: this.#text(numbers[row + COLUMN.contract]),
      role: this.#text(numbers[row + COLUMN.role]),
      unit: this.#text(numbers[row + COLUMN.unit]),
      workstation: this.#text(numbers[row + COLUMN.workstation]),
      purpose: this.#text(numbers[row + COLUMN.purpose]),
      ticket: this.#text(numbers[row + COLUMN.ticket]),
      grant: this.#text(numbers[row + COLUMN.grant]),
      action: this.#text(numbers[row + COLUMN.action]),
      resource: this.#text(numbers[row + COLUMN.resource]),
      decision: DECISIONS[numbers[row + COLUMN.decision] ?? NONE] ?? null,
      reasons: this.#list(numbers[row + COLUMN.reasons]),
      rules: this.#list(numbers[row + COLUMN.rules]),
      fields: this.#list(numbers[row + COLUMN.fields]),
      refusedField: this.#text(numbers[row + COLUMN.refusedField]),
      subjects: this.#list(numbers[row + COLUMN.subjects]) as readonly SubjectLookup[],
    }
  }

  #text(number = NONE): string | null {
    return number < 0 ? null : (this.#texts[number] ?? null)
  }

  #list(number = NONE): readonly string[] {
    return number < 0 ? EMPTY : (this.#lists[number] ?? EMPTY)
  }
}
