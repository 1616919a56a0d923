/** A table as text: its header, and each row with the line it began on. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  /** In the file, the header being line 1. */
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

export type TableFault =
  | 'empty'
  | 'open-quote'
  | 'no-such-column'
  | 'missing-column'
  | 'twice-column'
  | 'ragged-row'

export type ReadTable =
  | { readonly ok: true; readonly table: Table }
  | { readonly ok: false; readonly fault: TableFault; readonly line: number }

/**
 * Reads a table as spreadsheets write it (RFC 4180): commas, semicolons or tabs, quotes, either kind of line end, a byte order
 * mark or none, UTF-8 or else Windows-1252, which is what an Italian Excel writes. Blank lines are left out.
 * @param known every column there may be; those with `true` must be there
 */
export function readTable(bytes: Uint8Array, known: Readonly<Record<string, boolean>>): ReadTable {
  const records = splitRecords(decode(bytes))
  if (records === null) return { ok: false, fault: 'open-quote', line: 1 }
  const [header, ...rest] = records.filter(({ fields }) => fields.some((field) => field.trim() !== ''))
  if (header === undefined) return { ok: false, fault: 'empty', line: 1 }
  const columns = header.fields.map((name) => name.trim().toLowerCase())
  const fault = headerFault(columns, known)
  if (fault !== null) return { ok: false, fault, line: header.line }
  const ragged = rest.find(({ fields }) => fields.length !== columns.length)
  if (ragged !== undefined) return { ok: false, fault: 'ragged-row', line: ragged.line }
  const rows = rest.map(({ fields, line }) => ({
    line,
    cells: Object.fromEntries(columns.map((name, index) => [name, (fields[index] ?? '').trim()])),
  }))
  return { ok: true, table: { columns, rows } }
}

function headerFault(
  columns: readonly string[],
  known: Readonly<Record<string, boolean>>,
): TableFault | null {
  if (new Set(columns).size !== columns.length) return 'twice-column'
  if (columns.some((name) => !Object.hasOwn(known, name))) return 'no-such-column'
  return Object.entries(known).some(([name, required]) => required && !columns.includes(name))
    ? 'missing-column'
    : null
}

function decode(bytes: Uint8Array): string {
  try {
    // Takes a byte order mark away by itself.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

interface TextRecord {
  readonly fields: readonly string[]
  readonly line: number
}

/** `null` when a quote is never closed. */
function splitRecords(text: string): readonly TextRecord[] | null {
  const separator = separatorOf(text)
  const records: TextRecord[] = []
  let fields: string[] = []
  let field = ''
  let quoted = false
  let line = 1
  let began = 1
  const endField = (): void => {
    fields.push(field)
    field = ''
  }
  const endRecord = (): void => {
    endField()
    records.push({ fields, line: began })
    fields = []
    began = line + 1
  }
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (quoted) {
      if (char === '"' && text[index + 1] === '"') {
        field += '"'
        index++
      } else if (char === '"') quoted = false
      else field += char
      if (char === '\n') line++
    } else if (char === '"' && field.trim() === '') {
      field = ''
      quoted = true
    } else if (char === separator) endField()
    else if (char === '\n') {
      endRecord()
      line++
    } else if (char !== '\r') field += char
  }
  if (quoted) return null
  if (field !== '' || fields.length > 0) endRecord()
  return records
}

/** Whichever the first line that is not blank has most of. */
function separatorOf(text: string): string {
  const first = /\S[^\n]*/.exec(text)?.[0] ?? ''
  const counted = [';', ',', '\t'].map((each) => ({ each, times: first.split(each).length }))
  return counted.reduce((best, next) => (next.times > best.times ? next : best)).each
}
