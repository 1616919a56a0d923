import type { BatchPart } from './answer-batches.ts'

/** Writes an answer anew from its parts: commas stand only between what is shown. */
export class AnswerWriter {
  /** For each open bracket, whether something stands in it already. */
  readonly #filled: boolean[] = []
  #isAfterKey = false

  /** @param record the record as it is shown; `null`: it is not */
  write(part: BatchPart, record: string | null): string {
    switch (part.kind) {
      case 'open': {
        const text = `${this.#comma()}${part.list ? '[' : '{'}`
        this.#filled.push(false)
        return text
      }
      case 'close':
        this.#filled.pop()
        return part.list ? ']' : '}'
      case 'key': {
        const text = `${this.#comma()}${JSON.stringify(part.key)}:`
        this.#isAfterKey = true
        return text
      }
      case 'null':
        return `${this.#comma()}null`
      case 'record':
        if (record === null && part.listed) return ''
        return `${this.#comma()}${record ?? 'null'}`
    }
  }

  #comma(): string {
    if (this.#isAfterKey) {
      this.#isAfterKey = false
      return ''
    }
    const last = this.#filled.length - 1
    if (last < 0) return ''
    const isFirst = this.#filled[last] === false
    this.#filled[last] = true
    return isFirst ? '' : ','
  }
}
