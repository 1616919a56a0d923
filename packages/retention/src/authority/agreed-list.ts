import { textOfHarmlessCell } from '@varco/core'
import { readTable, type TableFault } from '@varco/engagement'
import type { AgreedRecord } from './approve-in-part.ts'

/** Columns of the list an authority is sent, and gives back; the first two say which record. */
export const LIST_COLUMNS = ['rule', 'resource', 'key', 'from'] as const

const NEEDED = { rule: true, key: true, resource: false, from: false } as const satisfies Record<
  (typeof LIST_COLUMNS)[number],
  boolean
>

export type AgreedList =
  | { readonly ok: true; readonly records: readonly AgreedRecord[] }
  | { readonly ok: false; readonly fault: TableFault; readonly line: number }

/** The list as the authority gave it back: lines that were taken out were not agreed to. */
export function readAgreedList(file: Uint8Array): AgreedList {
  const read = readTable(file, NEEDED)
  if (!read.ok) return read
  const records = read.table.rows.map(({ cells }) => ({
    rule: cells['rule'] ?? '',
    // As `harmlessCell` sent it.
    key: textOfHarmlessCell(cells['key'] ?? ''),
  }))
  return { ok: true, records }
}
