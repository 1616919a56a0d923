import type { Localized } from '@varco/core'

/** What an import makes of one row. */
export interface RowReport<Code extends string = string> {
  readonly line: number
  readonly outcome: 'new' | 'changed' | 'unchanged' | 'refused'
  /** Why it was refused, or what is worth knowing of a row that was taken. */
  readonly code: Code | null
  readonly text: Localized | null
}

/** All rows or none: where one is refused nothing is imported. */
export interface ImportReport<Code extends string = string> {
  readonly imported: boolean
  readonly rows: readonly RowReport<Code>[]
}
