export { makeProcessingRegister } from './register/make-register.ts'
export type { BundleAt, RegisterRequest } from './register/make-register.ts'
export { processingRegisterSchema } from './register/register.ts'
export type { ProcessingRegister } from './register/register.ts'
export { accessCsv } from './subject/access-csv.ts'
export { FileShelf } from './subject/access-shelf.ts'
export type { AccessShelf } from './subject/access-shelf.ts'
export type { AnsweredRequest } from './subject/disclose-identities.ts'
export { makeShelvedReport, makeSubjectReport } from './subject/make-report.ts'
export type { SubjectReportDeps, SubjectReportRequest } from './subject/make-report.ts'
export { subjectReportSchema } from './subject/report.ts'
export type { SubjectReport } from './subject/report.ts'
export { diskFault } from './report/disk-fault.ts'
export { bytesInChunks } from './report/bytes-in-chunks.ts'
export type { Report } from './report/report.ts'
export type { Renderings } from './report/render-report.ts'
export { reportOf } from './report/shelved-report.ts'
export type { ShelvedReport } from './report/shelved-report.ts'
export { line, lines } from './document/document.ts'
export type { Block, Lines, LongRows, ReportDocument, Section } from './document/document.ts'
export { formatIn } from './document/format.ts'
export type { Format } from './document/format.ts'
export { pageWords } from './document/page-words.ts'
export { renderDocumentAsPdf } from './pdf/render-document.ts'
export { csvRow, toCsv } from './report/csv.ts'
export { sayIn } from './report/say.ts'
export type { Say } from './report/say.ts'
export { renderHtml, renderingIn, renderingsOf, renderJson, renderPdf } from './report/render-report.ts'
export { reportHash } from './report/report-hash.ts'
export { signReport, verifySignature } from './report/sign-report.ts'
export { verifyApart } from './report/verify-apart.ts'
export { readReport, verifyReport } from './report/verify-report.ts'
export type { ReportProblem, ReportVerification } from './report/verify-report.ts'
export { writeReport } from './report/write-report.ts'
export type { WriteOptions, WrittenReport } from './report/write-report.ts'
export {
  InvalidPeriodError,
  MissingFontError,
  ReportCancelledError,
  ReportNotWrittenError,
  UnknownContractError,
} from './errors.ts'
export type {
  AccessFigure,
  AccessFigures,
  HeldByContract,
  HeldOfContract,
  FindBy,
  FoundDataSubject,
  RecordsOfResource,
  SubjectRecord,
  SubjectRecords,
} from './ports.ts'
export type { MakingDeps } from './report/record-making.ts'
export { makeBreachScope } from './breach/make-breach-scope.ts'
export type { BreachedPerson, BreachScopeDeps, BreachScopeRequest } from './breach/make-breach-scope.ts'
export type { CompromisedBy } from './breach/gather-disclosures.ts'
export { breachScopeSchema } from './breach/breach-scope.ts'
export type { BreachScope } from './breach/breach-scope.ts'
export { breachedPeopleCsv } from './breach/people-csv.ts'
export { hasWholeMonth, makeTransparencyReport } from './transparency/make-transparency-report.ts'
export type { TransparencyDeps, TransparencyRequest } from './transparency/make-transparency-report.ts'
export { transparencyCsv } from './transparency/transparency-csv.ts'
export { transparencyReportSchema } from './transparency/transparency-report.ts'
export type { TransparencyReport } from './transparency/transparency-report.ts'
export { dayAt, daysLeft, deadlineOf } from './requests/deadline.ts'
export type { Deadline, OfficeCalendar } from './requests/deadline.ts'
export { holidaysOf } from './requests/holidays.ts'
export type { IsHoliday } from './requests/holidays.ts'
export { remindOfRequests } from './requests/remind.ts'
export type { Reminder } from './requests/remind.ts'
export { openRequestDesk, RequestRefusedError } from './requests/request-desk.ts'
export type { DeskRefusal, ReceivedRequest, RequestDesk, RequestDeskDeps } from './requests/request-desk.ts'
export type { RequestStore } from './requests/request-store.ts'
export { CHANNELS, REFUSAL_GROUNDS, RIGHTS } from './requests/request.ts'
export type {
  Channel,
  DataSubjectRequest,
  IdentityCheck,
  RefusalGround,
  RequestOutcome,
  Right,
} from './requests/request.ts'
export { unanswerable } from './requests/unanswerable.ts'
export type { Unanswerable } from './requests/unanswerable.ts'
export { makeAuditReport } from './audit/make-audit-report.ts'
export type { AlertFigures, AuditDeps, AuditRequest } from './audit/make-audit-report.ts'
export { auditReportSchema } from './audit/audit-report.ts'
export type { AuditReport } from './audit/audit-report.ts'
export { driftCsv } from './drift/drift-csv.ts'
export { makeDriftReport } from './drift/make-drift-report.ts'
export type { DeclaredFact, DriftFact, DriftFacts, DriftReportDeps } from './drift/make-drift-report.ts'
export { driftReportSchema } from './drift/drift-report.ts'
export type { DriftReport } from './drift/drift-report.ts'
export { ticketCsv } from './tickets/ticket-csv.ts'
export { makeTicketReport } from './tickets/make-ticket-report.ts'
export type { TicketFacts, TicketReportDeps, TicketReportFacts } from './tickets/make-ticket-report.ts'
export { ticketReportSchema } from './tickets/ticket-report.ts'
export type { TicketReport } from './tickets/ticket-report.ts'
export { makeExitCertificate } from './exit/make-exit-certificate.ts'
export type { ExitCertificateDeps } from './exit/make-exit-certificate.ts'
export { exitCertificateSchema } from './exit/exit-certificate.ts'
export type { ExitCertificate } from './exit/exit-certificate.ts'
