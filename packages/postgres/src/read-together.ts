import type { FieldName } from '@varco/core'
import type { FetchedRecord } from '@varco/policy'

/** A question that can be asked together with others of its kind. */
export interface OneOfMany {
  /** Each parameter's value. */
  readonly values: readonly unknown[]
  /** Of the answer's records, in order. */
  readonly fields: readonly FieldName[]
}

/** A row as it comes: the number of the question it answers, from 1, then its values. */
export type NumberedRow = readonly [string, ...unknown[]]

export interface ReadTogetherOptions {
  /** Asks all of them in one statement. */
  readonly askMany: (values: unknown[]) => Promise<readonly NumberedRow[]>
  /** Asks one alone. */
  readonly askOne: (values: readonly unknown[]) => Promise<readonly FetchedRecord[]>
  /** Whether a failure of many may be one's alone, so that each is asked again by itself. */
  readonly isOnes: (error: unknown) => boolean
}

interface Waiting extends OneOfMany {
  /** Must be the same of all that are asked together. */
  readonly lists: string
  readonly resolve: (records: readonly FetchedRecord[]) => void
  readonly reject: (error: unknown) => void
}

/** Statements of one kind under way at once; whoever comes meanwhile goes with the next. */
const UNDER_WAY = 2
const MOST_TOGETHER = 100

/**
 * Questions that differ in their values alone, gathered as the log gathers its commits: whoever asks within one turn of the
 * event loop, or while others are being answered, goes into one statement. Asking one by one costs more than finding the record.
 */
export class ReadTogether {
  readonly #options: ReadTogetherOptions
  #waiting: Waiting[] = []
  #underWay = 0
  #isDue = false

  constructor(options: ReadTogetherOptions) {
    this.#options = options
  }

  ask(question: OneOfMany): Promise<readonly FetchedRecord[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...question, lists: listsOf(question.values), resolve, reject })
      this.#sendSoon()
    })
  }

  #sendSoon(): void {
    if (this.#isDue || this.#underWay >= UNDER_WAY) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#send()
    })
  }

  #send(): void {
    const batch = this.#takeBatch()
    this.#underWay++
    if (this.#waiting.length > 0) this.#sendSoon()
    void this.#settle(batch)
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    await this.#answer(batch)
    this.#underWay--
    if (this.#waiting.length > 0) this.#sendSoon()
  }

  /** Whoever has waited longest, and who can go with them. */
  #takeBatch(): readonly Waiting[] {
    const [first] = this.#waiting
    const batch: Waiting[] = []
    const others: Waiting[] = []
    for (const each of this.#waiting)
      (each.lists === first?.lists && batch.length < MOST_TOGETHER ? batch : others).push(each)
    this.#waiting = others
    return batch
  }

  /** Never rejects: each of the batch hears of its own. */
  async #answer(batch: readonly Waiting[]): Promise<void> {
    const [only, ...others] = batch
    if (only === undefined) return
    if (others.length === 0) return this.#alone(only)
    try {
      const rows = await this.#options.askMany(columnsOf(batch))
      share(batch, rows)
    } catch (error) {
      if (this.#options.isOnes(error)) await Promise.all(batch.map((each) => this.#alone(each)))
      else for (const { reject } of batch) reject(error)
    }
  }

  async #alone({ values, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await this.#options.askOne(values))
    } catch (error) {
      reject(error)
    }
  }
}

function listsOf(values: readonly unknown[]): string {
  const lists = values.filter((value) => Array.isArray(value))
  return lists.length === 0 ? '' : JSON.stringify(lists)
}

/** The parameters of the statement that asks all of them: arrays of each one's values, and the lists that all share. */
function columnsOf(batch: readonly Waiting[]): unknown[] {
  const [first] = batch
  if (first === undefined) return []
  return first.values.map((value, place) =>
    Array.isArray(value) ? value : batch.map(({ values }) => values[place]),
  )
}

function share(batch: readonly Waiting[], rows: readonly NumberedRow[]): void {
  const found = batch.map((): FetchedRecord[] => [])
  for (const row of rows) {
    const at = Number(row[0]) - 1
    const record: Record<string, unknown> = {}
    let index = 0
    for (const field of batch[at]?.fields ?? []) record[field] = row[++index]
    found[at]?.push(record)
  }
  let at = 0
  for (const { resolve } of batch) resolve(found[at++] ?? [])
}
