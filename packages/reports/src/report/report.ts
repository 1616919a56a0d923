import * as z from 'zod'
import { auditDocument } from '../audit/audit-document.ts'
import { auditReportSchema } from '../audit/audit-report.ts'
import { breachDocument } from '../breach/breach-document.ts'
import { breachScopeSchema } from '../breach/breach-scope.ts'
import { driftDocument } from '../drift/drift-document.ts'
import { driftReportSchema } from '../drift/drift-report.ts'
import { exitCertificateSchema } from '../exit/exit-certificate.ts'
import { exitDocument } from '../exit/exit-document.ts'
import { ticketDocument } from '../tickets/ticket-document.ts'
import { ticketReportSchema } from '../tickets/ticket-report.ts'
import type { ReportDocument } from '../document/document.ts'
import { processingRegisterSchema } from '../register/register.ts'
import { registerDocument } from '../register/register-document.ts'
import { subjectReportSchema } from '../subject/report.ts'
import { subjectDocument } from '../subject/subject-document.ts'
import { transparencyDocument } from '../transparency/transparency-document.ts'
import { transparencyReportSchema } from '../transparency/transparency-report.ts'

/** Every kind of report this version makes and reads, told apart by `format`. */
export const reportSchema = z.discriminatedUnion('format', [
  subjectReportSchema,
  processingRegisterSchema,
  breachScopeSchema,
  transparencyReportSchema,
  auditReportSchema,
  driftReportSchema,
  ticketReportSchema,
  exitCertificateSchema,
])
export type Report = z.infer<typeof reportSchema>
type Format = Report['format']
type ReportOf<F extends Format> = Extract<Report, { format: F }>

const KINDS: {
  readonly [F in Format]: {
    /** What its files are called, before the time it was made at. */
    readonly fileName: string
    readonly document: (report: ReportOf<F>, hash: string) => ReportDocument
  }
} = {
  'varco/subject-report': { fileName: 'access-report', document: subjectDocument },
  'varco/processing-register': { fileName: 'processing-register', document: registerDocument },
  'varco/breach-scope': { fileName: 'breach-scope', document: breachDocument },
  'varco/transparency-report': { fileName: 'transparency-report', document: transparencyDocument },
  'varco/audit-report': { fileName: 'audit-report', document: auditDocument },
  'varco/scope-drift-report': { fileName: 'scope-drift', document: driftDocument },
  'varco/ticket-report': { fileName: 'ticket-report', document: ticketDocument },
  'varco/exit-certificate': { fileName: 'exit-certificate', document: exitDocument },
}

/** The report as its reader meets it. `hash`: of its canonical JSON. */
export function documentOf<F extends Format>(
  report: ReportOf<F> & { format: F },
  hash: string,
): ReportDocument {
  return KINDS[report.format].document(report, hash)
}

export function fileNameOf(report: Report): string {
  return KINDS[report.format].fileName
}
