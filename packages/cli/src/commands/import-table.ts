import { readFile } from 'node:fs/promises'
import { ConfigError } from '@varco/core'
import { readTable, type ImportReport, type Table, type TableFault } from '@varco/engagement'
import { asJson } from '../as-json.ts'
import type { ExitCode, Output } from '../output.ts'

/** What is wrong with a table, in words. */
export const TABLE_FAULTS: Readonly<Record<TableFault, string>> = {
  empty: 'the file holds no table',
  'open-quote': 'a quotation mark is never closed',
  'no-such-column': 'the header names a column that does not exist',
  'missing-column': 'the header lacks a column that is needed',
  'twice-column': 'the header names a column twice',
  'ragged-row': 'a row has more or fewer cells than the header',
}

/** Reads a table from a file, whichever way a spreadsheet wrote it. @throws ConfigError saying what is wrong, and where */
export async function readTableFile(
  file: string,
  columns: Readonly<Record<string, boolean>>,
): Promise<Table> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new ConfigError('file', 'the file cannot be read', { cause })
  })
  const read = readTable(bytes, columns)
  if (read.ok) return read.table
  const expected = Object.keys(columns).join(', ')
  throw new ConfigError('file', `line ${read.line}: ${TABLE_FAULTS[read.fault]}; columns: ${expected}`)
}

/** Says what became of each row that is not plain, and the sums. */
export function answerImport(report: ImportReport, output: Output): ExitCode {
  const count = (outcome: string): number => report.rows.filter((row) => row.outcome === outcome).length
  const lines = report.rows.flatMap(({ line, outcome, text }) =>
    text === null ? [] : [`line ${line}: ${outcome}: ${text.en}`],
  )
  const sums = ['new', 'changed', 'unchanged', 'refused'].map((outcome) => `${count(outcome)} ${outcome}`)
  const verdict = report.imported ? 'imported' : 'nothing was imported'
  output.answer(asJson(report), [...lines, `${verdict}: ${sums.join(', ')}`].join('\n'))
  return report.imported ? 0 : 1
}
