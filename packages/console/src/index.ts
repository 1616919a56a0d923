export { createConsole } from './console.ts'
export type { ConsoleConfig, ConsoleDeps } from './console.ts'
export { serveConsole } from './serve-console.ts'
export type { ConsoleAddress, RunningConsole } from './serve-console.ts'
export type { LogCheck, LogHealth, LogStanding } from './home/log-health.ts'
export type { ReportFormat } from './reports/report-formats.ts'
export type {
  MadeReport,
  OrderedBy,
  ReportFailure,
  ReportMaker,
  ReportOrder,
  ReportOutcome,
  ReportProgress,
  ReportRefusal,
  ReportUnderWay,
} from './reports/report-maker.ts'
export type { PlanPapers } from './retention/plan-papers.ts'
export type { PlanRunner } from './retention/retention-access.ts'
export type { DataSubjectFinder } from './log/data-subject-search.ts'
export type { Session, SessionStore } from './session/session-store.ts'
