import { inflateSync } from 'node:zlib'

/** The objects of PDF as ISO 32000-1, section 7.3, has them; a dictionary keeps its keys without the slash. */
export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfText
  | PdfReference
  | readonly PdfValue[]
  | PdfDictionary
export class PdfName {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export class PdfText {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

export class PdfReference {
  readonly id: number
  constructor(id: number) {
    this.id = id
  }
}

export interface PdfDictionary {
  readonly [key: string]: PdfValue
}

export interface PdfFile {
  readonly bytes: Buffer
  readonly trailer: PdfDictionary
  readonly ids: readonly number[]
  /** What stands there, references followed; `null` where there is nothing. */
  at(value: PdfValue | undefined): PdfValue
  dictionary(value: PdfValue | undefined): PdfDictionary
  list(value: PdfValue | undefined): readonly PdfValue[]
  name(value: PdfValue | undefined): string | null
  /** Content of a stream, its filter undone. */
  stream(value: PdfValue | undefined): Buffer
  /** Faults of the file itself: places, lengths, filters. */
  readonly faults: readonly string[]
}

/** Reads a file whose cross-references are a table: an eye independent of whoever wrote it. */
export function readPdfFile(bytes: Buffer): PdfFile {
  const faults: string[] = []
  const objects = new Map<number, { readonly value: PdfValue; readonly content: Buffer | null }>()
  const tail = bytes.subarray(-64).toString('latin1')
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1] ?? Number.NaN)
  if (bytes.subarray(start, start + 4).toString('latin1') !== 'xref')
    faults.push('startxref is not at the table')
  const table = bytes.subarray(start).toString('latin1')
  const [, first = '0', count = '0'] = /^xref\s+(\d+) (\d+)/.exec(table) ?? []
  const places = [...table.matchAll(/^(\d{10}) (\d{5}) ([nf])[ \r]/gm)]
  if (places.length !== Number(count)) faults.push('the table is not as long as it says')
  const lengths: { readonly id: number; readonly length: PdfValue; readonly real: number }[] = []
  places.forEach(([, place, , kind], i) => {
    if (kind === 'f') return
    const id = Number(first) + i
    const reader = new Reader(bytes, Number(place))
    if (!reader.takes(`${id} 0 obj`)) {
      faults.push(`object ${id} is not where the table says`)
      return
    }
    const value = reader.value()
    const content = reader.streamContent()
    objects.set(id, { value, content })
    if (content !== null)
      lengths.push({ id, length: (value as PdfDictionary)['Length'] ?? null, real: content.length })
  })
  const at = (value: PdfValue | undefined): PdfValue =>
    value instanceof PdfReference ? at(objects.get(value.id)?.value) : (value ?? null)
  const dictionary = (value: PdfValue | undefined): PdfDictionary => {
    const found = at(value)
    return isDictionary(found) ? found : {}
  }
  for (const { id, length, real } of lengths)
    if (at(length) !== real) faults.push(`stream ${id} is not as long as it says`)
  const trailerAt = bytes.indexOf('trailer', start)
  const trailer = trailerAt < 0 ? null : new Reader(bytes, trailerAt + 7).value()
  return {
    bytes,
    faults,
    trailer: isDictionary(trailer) ? trailer : {},
    ids: [...objects.keys()],
    at,
    dictionary,
    list: (value) => {
      const found = at(value)
      return Array.isArray(found) ? (found as readonly PdfValue[]) : []
    },
    name: (value) => {
      const found = at(value)
      return found instanceof PdfName ? found.name : null
    },
    stream: (value) => {
      if (!(value instanceof PdfReference)) return Buffer.alloc(0)
      const found = objects.get(value.id)
      const content = found?.content ?? Buffer.alloc(0)
      return dictionary(value)['Filter'] === undefined ? content : inflateSync(content)
    },
  }
}

export function isDictionary(value: PdfValue | undefined): value is PdfDictionary {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof PdfName || value instanceof PdfText || value instanceof PdfReference)
  )
}

const BLANK = /[\0\t\n\f\r ]/
const ENDS = /[\0\t\n\f\r ()<>[\]{}/%]/

class Reader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes
    this.#at = start
  }

  takes(word: string): boolean {
    this.#skip()
    const end = this.#at + word.length
    if (this.#bytes.toString('latin1', this.#at, end) !== word) return false
    this.#at = end
    return true
  }

  value(): PdfValue {
    this.#skip()
    const next = this.#peek()
    if (next === '/') return new PdfName(this.#name())
    if (next === '(') return new PdfText(this.#literal())
    if (this.takes('<<')) {
      const entries: [string, PdfValue][] = []
      while (!this.takes('>>')) {
        this.#skip()
        entries.push([this.#name(), this.value()])
      }
      return Object.fromEntries(entries)
    }
    if (next === '<') {
      const end = this.#bytes.indexOf('>', this.#at)
      const hex = this.#bytes.toString('latin1', this.#at + 1, end).replaceAll(/\s/g, '')
      this.#at = end + 1
      return new PdfText(Buffer.from(hex, 'hex'))
    }
    if (this.takes('[')) {
      const items: PdfValue[] = []
      while (!this.takes(']')) items.push(this.value())
      return items
    }
    const word = this.#word()
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null') return null
    const number = Number(word)
    if (word === '' || Number.isNaN(number))
      throw new Error(`no object of PDF: ${JSON.stringify(word)} at ${this.#at}`)
    const after = /^ \d+ R(?![a-zA-Z])/.exec(this.#bytes.toString('latin1', this.#at, this.#at + 16))
    if (after === null || !Number.isInteger(number)) return number
    this.#at += after[0].length
    return new PdfReference(number)
  }

  /** What follows a stream's dictionary; `null` where it is no stream. */
  streamContent(): Buffer | null {
    if (!this.takes('stream')) return null
    if (this.#peek() === '\r') this.#at++
    this.#at++
    const end = this.#bytes.indexOf('\nendstream', this.#at)
    return this.#bytes.subarray(this.#at, end)
  }

  #peek(): string {
    return String.fromCharCode(this.#bytes[this.#at] ?? 0)
  }

  #skip(): void {
    while (this.#at < this.#bytes.length && BLANK.test(this.#peek())) this.#at++
  }

  #word(): string {
    const start = this.#at
    while (this.#at < this.#bytes.length && !ENDS.test(this.#peek())) this.#at++
    return this.#bytes.toString('latin1', start, this.#at)
  }

  #name(): string {
    this.#at++
    return this.#word().replaceAll(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  }

  #literal(): Buffer {
    const out: number[] = []
    let depth = 0
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0x29
      const letter = String.fromCharCode(byte)
      if (letter === '\\') {
        const escaped = this.#bytes[this.#at++] ?? 0
        const control = { n: 10, r: 13, t: 9, b: 8, f: 12 }[String.fromCharCode(escaped)]
        out.push(control ?? escaped)
        continue
      }
      if (letter === '(' && depth++ === 0) continue
      if (letter === ')' && --depth === 0) return Buffer.from(out)
      out.push(byte)
    }
  }
}
