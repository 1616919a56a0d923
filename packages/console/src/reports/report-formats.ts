import type { ReportKind } from './report-maker.ts'

const DOCUMENT = ['pdf', 'html', 'json'] as const
export type ReportFormat = (typeof DOCUMENT)[number] | 'csv'

/** Documents that stand on a table can be had as that alone; that of a breach names people. */
const WITH_TABLE: readonly ReportKind[] = ['transparency', 'drift', 'tickets', 'breach']

export function formatsOf(kind: ReportKind): readonly ReportFormat[] {
  return WITH_TABLE.includes(kind) ? [...DOCUMENT, 'csv'] : DOCUMENT
}
