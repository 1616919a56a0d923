import { UpstreamError } from './upstream-error.ts'

/** What an answer is made of, but for all that no pointer leads to. */
export type Piece =
  | { readonly kind: 'open' | 'close'; readonly list: boolean }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'null' }
  /** One record's JSON text, whole; `pointer` says which of the scanner's. */
  | { readonly kind: 'record'; readonly pointer: number; readonly text: string; readonly listed: boolean }

interface Frame {
  readonly list: boolean
  /** JSON pointer of what is open. */
  readonly path: string
  /** The pointer whose records a list holds. */
  readonly pointer: number | null
  /** Keys on the way to a pointer that were there already. */
  readonly seen: Set<string>
  state: 'first' | 'key' | 'colon' | 'value' | 'after'
  key: string
}

type Purpose = 'skip' | 'key' | 'null' | { readonly pointer: number; readonly listed: boolean }

/** A value that is being read to its end, whatever it holds. */
interface Reading {
  readonly purpose: Purpose
  readonly scalar: boolean
  /** Brackets that are open, by what closes them. */
  readonly closers: string[]
  inString: boolean
  escaped: boolean
  text: string
}

const WHITESPACE = /[ \t\n\r]/
/** A record is a record, not a file. */
const MOST_RECORD_CHARS = 1_048_576
const MOST_DEPTH = 200

/**
 * Reads a JSON text piece by piece and holds no more of it than one record. It finds where values begin and end; what a
 * record holds is for `JSON.parse` to read, which is strict. What no pointer leads to is skipped, not checked.
 * @throws UpstreamError for what is not JSON on the way to a record, and for what is not a record where one should be
 */
export class RecordScanner {
  readonly #pointers: readonly string[]
  readonly #stack: Frame[] = []
  #reading: Reading | null = null
  #isDone = false
  #pieces: Piece[] = []

  /** @param pointers JSON pointers to a record or a list of records, none within another */
  constructor(pointers: readonly string[]) {
    this.#pointers = pointers
  }

  push(text: string): readonly Piece[] {
    this.#pieces = []
    for (let at = 0; at < text.length;)
      at = this.#reading === null ? this.#structure(text, at) : this.#value(text, at)
    return this.#pieces
  }

  /** The text is over. */
  end(): void {
    if (this.#reading?.scalar === true && this.#stack.length === 0) this.#finish(this.#reading)
    if (!this.#isDone) throw malformed()
  }

  #structure(text: string, at: number): number {
    const char = text[at] ?? ''
    if (WHITESPACE.test(char)) return at + 1
    const frame = this.#stack.at(-1)
    if (frame === undefined) {
      if (this.#isDone) throw malformed()
      return this.#begin(text, at, '', null)
    }
    const { list } = frame
    const close = list ? ']' : '}'
    switch (frame.state) {
      case 'first':
        if (char === close) return this.#close(at)
        return this.#member(text, at, frame)
      case 'key':
        return this.#member(text, at, frame)
      case 'colon':
        if (char !== ':') throw malformed()
        frame.state = 'value'
        return at + 1
      case 'value':
        return this.#begin(text, at, list ? frame.path : `${frame.path}/${escaped(frame.key)}`, frame)
      case 'after':
        if (char === close) return this.#close(at)
        if (char !== ',') throw malformed()
        frame.state = list ? 'value' : 'key'
        return at + 1
    }
  }

  #member(text: string, at: number, frame: Frame): number {
    if (frame.list) return this.#begin(text, at, frame.path, frame)
    if (text[at] !== '"') throw malformed()
    return this.#read(at, 'key', false)
  }

  #close(at: number): number {
    const frame = this.#stack.pop()
    this.#pieces.push({ kind: 'close', list: frame?.list ?? false })
    this.#ended()
    return at + 1
  }

  /** A value begins: on the way to records, one of them, or nothing that anybody is shown. */
  #begin(text: string, at: number, path: string, frame: Frame | null): number {
    const char = text[at] ?? ''
    if (frame?.list === true) {
      if (char !== '{') throw malformed()
      return this.#read(at, { pointer: frame.pointer ?? 0, listed: true }, false)
    }
    const pointer = this.#pointers.indexOf(path)
    const leads = pointer >= 0 || this.#pointers.some((each) => each.startsWith(`${path}/`))
    if (!leads) return this.#read(at, 'skip', isScalar(char))
    // Of two values under one name nobody could say which is meant.
    if (frame?.seen.has(frame.key) === true) throw malformed()
    frame?.seen.add(frame.key)
    if (frame !== null) this.#pieces.push({ kind: 'key', key: frame.key })
    if (char === 'n') return this.#read(at, 'null', true)
    if (pointer >= 0 && char === '{') return this.#read(at, { pointer, listed: false }, false)
    const list = char === '['
    if (list !== pointer >= 0 || (!list && char !== '{')) throw malformed()
    this.#stack.push({
      ...{ list, path, pointer: list ? pointer : null, seen: new Set(), state: 'first', key: '' },
    })
    this.#pieces.push({ kind: 'open', list })
    return at + 1
  }

  #read(at: number, purpose: Purpose, scalar: boolean): number {
    this.#reading = { purpose, scalar, closers: [], inString: false, escaped: false, text: '' }
    return at
  }

  /** Goes on to the value's end, or to the text's. */
  #value(text: string, from: number): number {
    const reading = this.#reading
    if (reading === null) return from
    let at = from
    for (; at < text.length; at++) {
      const char = text[at] ?? ''
      if (reading.scalar) {
        if (char !== ',' && char !== ']' && char !== '}' && !WHITESPACE.test(char)) continue
        this.#keep(reading, text, from, at)
        this.#finish(reading)
        return at
      }
      if (this.#step(reading, char)) {
        this.#keep(reading, text, from, at + 1)
        this.#finish(reading)
        return at + 1
      }
    }
    this.#keep(reading, text, from, at)
    return at
  }

  /** @returns whether the value ends with this character */
  #step(reading: Reading, char: string): boolean {
    const { closers } = reading
    if (reading.inString) {
      if (reading.escaped) reading.escaped = false
      else if (char === '\\') reading.escaped = true
      else if (char === '"') {
        reading.inString = false
        return closers.length === 0
      }
      return false
    }
    if (char === '"') reading.inString = true
    else if (char === '{' || char === '[') {
      if (closers.length >= MOST_DEPTH) throw malformed()
      closers.push(char === '{' ? '}' : ']')
    } else if (char === '}' || char === ']') {
      if (closers.pop() !== char) throw malformed()
      return closers.length === 0
    }
    return false
  }

  #keep(reading: Reading, text: string, from: number, to: number): void {
    if (reading.purpose === 'skip') return
    reading.text += text.slice(from, to)
    if (reading.text.length > MOST_RECORD_CHARS) throw new UpstreamError('too-large')
  }

  #finish({ purpose, text }: Reading): void {
    this.#reading = null
    if (purpose === 'key') {
      const frame = this.#stack.at(-1)
      if (frame === undefined) throw malformed()
      frame.key = keyOf(text)
      frame.state = 'colon'
      return
    }
    if (purpose === 'null') {
      if (text !== 'null') throw malformed()
      this.#pieces.push({ kind: 'null' })
    } else if (purpose !== 'skip') this.#pieces.push({ kind: 'record', ...purpose, text })
    this.#ended()
  }

  #ended(): void {
    const frame = this.#stack.at(-1)
    if (frame === undefined) this.#isDone = true
    else frame.state = 'after'
  }
}

function malformed(): UpstreamError {
  return new UpstreamError('malformed')
}

function isScalar(char: string): boolean {
  return char !== '{' && char !== '[' && char !== '"'
}

function keyOf(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    throw malformed()
  }
}

/** RFC 6901. */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
