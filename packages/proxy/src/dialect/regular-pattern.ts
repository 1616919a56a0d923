const MAX_CHARS = 200
const MAX_DEPTH = 8
/**
 * Each part of a pattern counts once, and as often as it is repeated by number. What PostgreSQL must build grows with the cube of
 * it: of a hundred parts that may all be missing some milliseconds, of four hundred over a second.
 */
const MAX_WEIGHT = 100
const MOST_REPEATED = 20

/**
 * Whether a regular expression of `match` is one that PostgreSQL reads, and runs in time that grows with the text alone. What it
 * would fail on it fails on at the first row that it reaches: that would tell of it. So only what is known to mean one
 * thing passes: characters, `.`, `^`, `$`, `[a-z_]`, `(…)`, `(?:…)`, `|`, `* + ? {m,n}`, and `\` before a sign; no word
 * such as `\d`, no reference back, nothing that looks ahead.
 */
export function isRegularPattern(text: string): boolean {
  if (text.length > MAX_CHARS || text.includes('\0') || !text.isWellFormed()) return false
  const reader = new PatternReader(text)
  const weight = reader.alternatives(0)
  return weight !== null && weight <= MAX_WEIGHT && reader.isOver
}

/** Reads a pattern from its start; each part gives its weight, or `null` for what does not pass. */
class PatternReader {
  readonly #chars: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#chars = Array.from(text)
  }

  get isOver(): boolean {
    return this.#at === this.#chars.length
  }

  alternatives(depth: number): number | null {
    let weight = 0
    do {
      const branch = this.#branch(depth)
      if (branch === null) return null
      weight += branch
    } while (this.#take('|'))
    return weight
  }

  /** At least one part: of nothing PostgreSQL and others think differently. */
  #branch(depth: number): number | null {
    let weight = 0
    while (!this.isOver && this.#next !== '|' && this.#next !== ')') {
      const part = this.#part(depth)
      if (part === null) return null
      weight += part
    }
    return weight === 0 ? null : weight
  }

  #part(depth: number): number | null {
    // An anchor cannot be repeated.
    if (this.#take('^') || this.#take('$')) return QUANTIFIERS.has(this.#next) ? null : 1
    const atom = this.#atom(depth)
    const times = atom === null ? null : this.#times()
    return atom === null || times === null ? null : atom * times
  }

  #atom(depth: number): number | null {
    if (this.#take('(')) {
      if (this.#take('?') && !this.#take(':')) return null
      const weight = depth < MAX_DEPTH ? this.alternatives(depth + 1) : null
      return this.#take(')') ? weight : null
    }
    if (this.#take('[')) return this.#set()
    if (this.#take('\\')) return SIGNS.has(this.#skip()) ? 1 : null
    const char = this.#skip()
    return char === '.' || (char !== '' && !SIGNS.has(char)) ? 1 : null
  }

  /** `[^a-z0-9_]`: characters, and ranges of digits or of letters of one case. */
  #set(): number | null {
    this.#take('^')
    let members = 0
    for (; !this.#take(']'); members++) {
      const from = this.#skip()
      if (!IN_SET.test(from)) return null
      if (!this.#take('-')) continue
      const to = this.#skip()
      if (!RANGES.some((range) => range.test(from) && range.test(to)) || from > to) return null
    }
    return members === 0 ? null : 1
  }

  /** How often a part is repeated by number, at most. */
  #times(): number | null {
    let times = 1
    if (this.#take('{')) {
      const least = this.#number()
      const most = this.#take(',') ? this.#number() : least
      if (least === null || most === null || least > most || most === 0 || !this.#take('}')) return null
      times = most
    } else if (['*', '+', '?'].includes(this.#next)) this.#at++
    // Repeated again: lazily, or in error.
    return QUANTIFIERS.has(this.#next) ? null : times
  }

  #number(): number | null {
    let digits = ''
    while (/^\d$/.test(this.#next) && digits.length < 3) digits += this.#skip()
    return digits === '' || Number(digits) > MOST_REPEATED ? null : Number(digits)
  }

  get #next(): string {
    return this.#chars[this.#at] ?? ''
  }

  #take(char: string): boolean {
    if (this.#next !== char) return false
    this.#at++
    return true
  }

  /** Empty at the end, which is no character that passes. */
  #skip(): string {
    return this.#chars[this.#at++] ?? ''
  }
}

const QUANTIFIERS: ReadonlySet<string> = new Set(['*', '+', '?', '{'])
const SIGNS: ReadonlySet<string> = new Set('\\^$.*+?()[]{}|')
const RANGES = [/^\d$/, /^[a-z]$/, /^[A-Z]$/] as const
/** What in brackets stands for itself everywhere. */
const IN_SET = /^[^[\]\\^-]$/u
