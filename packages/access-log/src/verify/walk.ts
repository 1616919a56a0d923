/** Rows that come in pages, read one by one: waiting happens in `reach`, reading never waits. */
export class Walk<Row> implements AsyncDisposable {
  readonly #source: AsyncIterator<readonly Row[]>
  /** Fetched behind the page that is read. */
  readonly #fetched: (readonly Row[])[] = []
  #rows: readonly Row[] = []
  #at = 0
  #last: Row | undefined
  #ended = false

  constructor(pages: AsyncIterable<readonly Row[]>) {
    this.#source = pages[Symbol.asyncIterator]()
  }

  /** The row here; `undefined` when all that was fetched is read. */
  get row(): Row | undefined {
    return this.#rows[this.#at]
  }

  step(): void {
    this.#at++
    if (this.#at >= this.#rows.length) this.#turn()
  }

  /** Fetches pages until the last row fetched is far enough, or there are no more. */
  async reach(isFarEnough: (row: Row) => boolean): Promise<void> {
    while (!this.#ended && (this.row === undefined || this.#last === undefined || !isFarEnough(this.#last))) {
      const { value, done } = await this.#source.next()
      this.#ended = done === true
      if (done === true) return
      if (value.length === 0) continue
      this.#last = value.at(-1)
      this.#fetched.push(value)
      if (this.row === undefined) this.#turn()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source.return?.()
  }

  #turn(): void {
    const next = this.#fetched.shift()
    if (next === undefined) return
    this.#rows = next
    this.#at = 0
  }
}
