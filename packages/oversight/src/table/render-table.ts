import { harmlessCell } from '@varco/core'
import type { ReportTable } from './report-table.ts'

type Cell = ReportTable['rows'][number][number]

/** What stands where a count is held back, whichever language is read. */
const HELD_BACK = '< 5'

const textOf = (cell: Cell): string => (cell === null ? HELD_BACK : String(cell))

/** Columns set out for a terminal. */
export function tableText({ title, columns, rows }: ReportTable): string {
  const lines = [columns, ...rows.map((row) => row.map(textOf))]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  return [
    title,
    '',
    ...lines.map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n')
}

/** What a spreadsheet would run is disarmed; a number keeps its sign. */
const harmlessText = (cell: Cell): string => (typeof cell === 'string' ? harmlessCell(cell) : textOf(cell))

/** RFC 4180. */
export function tableCsv({ columns, rows }: ReportTable): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [columns.map(harmlessText), ...rows.map((row) => row.map(harmlessText))]
    .map((line) => `${line.map(cell).join(',')}\r\n`)
    .join('')
}

/** A page of its own that can be printed and attached, and opened in a spreadsheet. */
export function tableHtml({ title, columns, rows }: ReportTable, locale: 'it' | 'en'): string {
  const row = (tag: 'td' | 'th', cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #888;padding:.3em .6em;text-align:left}</style>
</head><body><h1>${escaped(title)}</h1>
<table><thead>${row('th', columns.map(harmlessText))}</thead><tbody>
${rows.map((cells) => row('td', cells.map(harmlessText))).join('\n')}
</tbody></table></body></html>
`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
