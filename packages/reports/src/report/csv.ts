import { harmlessCell } from '@varco/core'

type Row = readonly (string | number)[]

/** A byte order mark: spreadsheets take the file for Unicode. */
export const CSV_START = '\ufeff'

/**
 * RFC 4180 with a byte order mark, for spreadsheets. A cell that one would take for a formula starts with an
 * apostrophe: text from records is never run.
 */
export function toCsv(columns: Row, rows: readonly Row[]): string {
  return CSV_START + [columns, ...rows].map(csvRow).join('')
}

/** One row, with the end of its line. */
export function csvRow(row: Row): string {
  return `${row.map(cell).join(',')}\r\n`
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return `"${harmlessCell(value).replaceAll('"', '""')}"`
}
