const CHUNK = 65_536

/**
 * Gathers what pdfkit pushes, line by line and number by number, into chunks worth handing on: the table of
 * places alone of a long document would otherwise be half a million buffers.
 */
export class ByteSink {
  #full: Uint8Array[] = []
  #open = Buffer.allocUnsafe(CHUNK)
  #used = 0

  add(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.length > 0) {
      const part = rest.subarray(0, CHUNK - this.#used)
      this.#open.set(part, this.#used)
      this.#used += part.length
      rest = rest.subarray(part.length)
      if (this.#used === CHUNK) this.#close()
    }
  }

  /** The chunks that are full, given away once. */
  *take(): Generator<Uint8Array> {
    const chunks = this.#full
    this.#full = []
    yield* chunks
  }

  /** What is left, at the end. */
  *takeAll(): Generator<Uint8Array> {
    if (this.#used > 0) this.#close()
    yield* this.take()
  }

  #close(): void {
    this.#full.push(this.#open.subarray(0, this.#used))
    this.#open = Buffer.allocUnsafe(CHUNK)
    this.#used = 0
  }
}
