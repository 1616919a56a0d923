/** What a row may hold: text, numbers, yes and no, lists of text, and JSON. */
type Cell = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>

const CHUNK = 1 << 16

/** Rows in the text form of PostgreSQL's COPY, in pieces large enough to travel well. */
export function* copyText(rows: Iterable<object>, onRows: (rows: number) => void): Generator<string> {
  let text = ''
  let count = 0
  for (const row of rows) {
    text += `${Object.values(row).map(cellText).join('\t')}\n`
    count += 1
    if (text.length < CHUNK) continue
    yield text
    onRows(count)
    text = ''
  }
  if (text !== '') yield text
  onRows(count)
}

function cellText(cell: Cell): string {
  if (cell === null) return '\\N'
  if (typeof cell === 'string') return escaped(cell)
  if (typeof cell === 'number') return String(cell)
  if (typeof cell === 'boolean') return cell ? 't' : 'f'
  if (isTextList(cell)) return escaped(`{${cell.map(listItem).join(',')}}`)
  return escaped(JSON.stringify(cell))
}

/** A list of text is an array of the database; a list of anything else is JSON. */
function isTextList(cell: object): cell is readonly string[] {
  return Array.isArray(cell) && cell.every((item) => typeof item === 'string')
}

function listItem(item: string): string {
  return `"${item.replaceAll(/["\\]/g, '\\$&')}"`
}

const SPECIAL = /[\\\n\r\t]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(text: string): string {
  return SPECIAL.test(text)
    ? text.replaceAll(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character)
    : text
}
