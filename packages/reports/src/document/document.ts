import type { Locale } from '@varco/core'

/** How a line of text is set. `code` for ids and hashes, whose every character matters. */
export type Tone = 'normal' | 'strong' | 'muted' | 'code'

export interface Line {
  readonly text: string
  readonly tone: Tone
}

/** What stands in one cell or beside one term, line under line. */
export type Lines = readonly Line[]

export interface Column {
  readonly title: string
  /** Part of the table's width; the parts need not add up to anything. */
  readonly share: number
  readonly align?: 'end'
}

/** Rows that come one after the other and are nowhere all at once. */
export interface LongRows extends AsyncIterable<readonly Lines[]> {
  readonly length: number
}

/** A table's rows, cell by cell. */
export type Rows = readonly (readonly Lines[])[] | LongRows

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string; readonly tone: Tone }
  /** The answer in plain words, with the figures that matter. */
  | {
      readonly kind: 'answer'
      readonly text: string
      readonly figures: readonly { readonly value: string; readonly label: string }[]
    }
  | { readonly kind: 'facts'; readonly items: readonly { readonly term: string; readonly lines: Lines }[] }
  | { readonly kind: 'list'; readonly items: readonly { readonly title: string; readonly text: string }[] }
  | {
      readonly kind: 'table'
      readonly caption: string
      readonly columns: readonly Column[]
      readonly rows: Rows
    }
  /** A bar for each value, drawn as vectors; `text` says the value. */
  | {
      readonly kind: 'bars'
      readonly caption: string
      readonly bars: readonly { readonly label: string; readonly value: number; readonly text: string }[]
    }

export interface Section {
  /** Stable, for links within the page. */
  readonly id: string
  readonly title: string
  readonly blocks: readonly Block[]
}

/**
 * A document as its reader meets it. HTML and PDF are set from this one value, so neither can say more
 * than the other; the JSON they come from travels inside both.
 */
export interface ReportDocument {
  readonly locale: Locale
  readonly title: string
  readonly subtitle: string
  readonly issuer: { readonly short: string; readonly name: string }
  /** Whom it is about and when it was made. */
  readonly facts: readonly { readonly term: string; readonly lines: Lines }[]
  readonly opening: readonly Block[]
  readonly sections: readonly Section[]
  /** For the foot of each page: what the file's fingerprint is. */
  readonly hash: string
  /** Words of the page itself. */
  readonly words: {
    readonly contents: string
    readonly page: (page: number, of: number) => string
    readonly hash: string
    readonly attachment: string
  }
}

export const line = (text: string, tone: Tone = 'normal'): Line => ({ text, tone })
export const lines = (...texts: readonly (string | null | undefined)[]): Lines =>
  texts.flatMap((text) => (text === null || text === undefined || text === '' ? [] : [line(text)]))
