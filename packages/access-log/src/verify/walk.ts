/** Rows that come in pages, read one by one: waiting happens in `reach`, reading never waits. */
export class Walk<Row> implements AsyncDisposable {
  readonly #pages: AsyncIterator<readonly Row[]>
  #rows: readonly Row[] = []
  #at = 0
  #ended = false

  constructor(pages: AsyncIterable<readonly Row[]>) {
    this.#pages = pages[Symbol.asyncIterator]()
  }

  /** The row here; `undefined` when all that was fetched is read. */
  get row(): Row | undefined {
    return this.#rows[this.#at]
  }

  step(): void {
    this.#at++
  }

  /** Fetches pages until the last row fetched is far enough, or there are no more. */
  async reach(isFarEnough: (row: Row) => boolean): Promise<void> {
    let last = this.#rows.at(-1)
    while (!this.#ended && (last === undefined || this.#at >= this.#rows.length || !isFarEnough(last))) {
      const { value, done } = await this.#pages.next()
      this.#ended = done === true
      if (done === true) return
      this.#rows = this.#at >= this.#rows.length ? value : [...this.#rows.slice(this.#at), ...value]
      this.#at = 0
      last = this.#rows.at(-1)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pages.return?.()
  }
}
