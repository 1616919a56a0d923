import { harmlessCell, microsToIso } from '@varco/core'
import type { StoredEvent } from '../reader.ts'

const COLUMNS: readonly (readonly [name: string, of: (event: StoredEvent) => string | number | null])[] = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => microsToIso(at)],
  ['kind', ({ kind }) => kind],
  ['decision', ({ decision }) => decision],
  ['action', ({ action }) => action],
  ['resource', ({ resource }) => resource],
  ['purpose', ({ purpose }) => purpose],
  ['operator', ({ operator }) => operator],
  ['role', ({ role }) => role],
  ['unit', ({ unit }) => unit],
  ['processor', ({ processor }) => processor],
  ['contract', ({ contract }) => contract],
  ['ticket', ({ ticket }) => ticket],
  ['grant', ({ grant }) => grant],
  ['workstation', ({ workstation }) => workstation],
  ['instructed_by', ({ instructedBy }) => instructedBy],
  ['plain', ({ plain }) => plain.join(' ')],
  ['masked', ({ masked }) => masked.join(' ')],
  ['filters', ({ filters }) => filters.map(({ field, op }) => `${field}.${op}`).join(' ')],
  ['disclosures', ({ disclosed }) => disclosed.count],
  ['reasons', ({ reasons }) => reasons.join(' ')],
  ['rules', ({ rules }) => rules.join(' ')],
  ['policy_version', ({ policyVersion }) => policyVersion],
  ['request_id', ({ requestId }) => requestId],
]

/** The header of the table, the export's own name last. */
export function csvHeader(): string {
  return csvLine([...COLUMNS.map(([name]) => name), 'export'])
}

/** One event as a row; RFC 4180. */
export function csvRow(event: StoredEvent, watermark: string): string {
  return csvLine([...COLUMNS.map(([, of]) => of(event)), watermark])
}

function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** Nothing that a spreadsheet would run: tickets, workstations and request ids are what a contractor sends. */
function csvCell(cell: string | number | null): string {
  const text = typeof cell === 'string' ? harmlessCell(cell) : String(cell ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
