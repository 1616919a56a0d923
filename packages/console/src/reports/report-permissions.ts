import type { Permission } from '../visit/permissions.ts'
import { assignmentFor } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'
import { REPORT_KINDS, type ReportKind } from './report-maker.ts'

/** Under which permission each document is made. */
export const REPORT_PERMISSIONS = {
  register: 'make-reports',
  audit: 'make-audit-report',
  transparency: 'make-reports',
  drift: 'make-contract-reports',
  tickets: 'make-contract-reports',
  exit: 'make-contract-reports',
  breach: 'make-breach-report',
  subject: 'make-subject-report',
} as const satisfies Readonly<Record<ReportKind, Permission>>

/** The documents this person may make. */
export function reportsFor({ viewer }: Visit): readonly ReportKind[] {
  if (viewer === null) return []
  return REPORT_KINDS.filter((kind) => assignmentFor(viewer, REPORT_PERMISSIONS[kind]) !== null)
}
