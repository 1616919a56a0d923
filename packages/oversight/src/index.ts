export { ALERT_STATES } from './alerts/alert.ts'
export type { Alert, AlertDecision, AlertRuleId, AlertState, Contest, Finding } from './alerts/alert.ts'
export type { AlertQuery, AlertStore } from './alerts/alert-store.ts'
export { alertsOf, answerAlert, contestAlert } from './alerts/answer-alert.ts'
export type { Answer, AnswerDeps, Answered, AnswerRefusal, ContestRefusal } from './alerts/answer-alert.ts'
export { describeFact } from './alerts/fact.ts'
export type { Fact } from './alerts/fact.ts'
export { mergeFinding } from './alerts/merge-finding.ts'
export type { KeptAlert } from './alerts/merge-finding.ts'
export type { GrantFacts } from './facts/grant-facts.ts'
export type { PeopleFacts, PersonFacts } from './facts/people-facts.ts'
export type { StaffFacts, StaffMember } from './facts/staff-facts.ts'
export type { TicketFacts, WatchedTicket } from './facts/ticket-facts.ts'
export type { EventFeed, FeedBatch, FeedPosition, TreePosition, WatchedEvent } from './feed/event-feed.ts'
export { openWatcher } from './watch/open-watcher.ts'
export type { Pass, Watcher, WatcherOptions } from './watch/open-watcher.ts'
export { packDay, unpackDay } from './watch/operator-day.ts'
export type { OperatorDay, StoredProfile } from './watch/operator-day.ts'
export { MAX_WORK_EVIDENCE } from './watch/watch-store.ts'
export type {
  RecentRefusal,
  RefusalCount,
  WatchCommit,
  WatchState,
  WatchStore,
  WorkCount,
} from './watch/watch-store.ts'
export type {
  OversightFigures,
  RefusalFigure,
  TicketFigure,
  MonthTies,
  WorkFigure,
} from './watch/work-figures.ts'
export type { DeclaredRow, DriftDeclared, DriftDeclaredMonth } from './drift/declared-work.ts'
export { scopeDrift } from './drift/scope-drift.ts'
export type { DriftRow, ScopeDrift, ScopeDriftRequest } from './drift/scope-drift.ts'
export type { RunningRow, RunningWork } from './drift/running-work.ts'
export { MIN_GROUP } from './held-back/min-group.ts'
export { shownMonths } from './held-back/shown-months.ts'
export { lastMonthTold } from './held-back/told-months.ts'
export { ticketIntegrity } from './tickets/ticket-integrity.ts'
export type {
  TicketIntegrity,
  TicketIntegrityRequest,
  TicketPrice,
  TicketRow,
} from './tickets/ticket-integrity.ts'
export type { Interval } from './tickets/bootstrap.ts'
export { friction } from './friction/friction.ts'
export type { Friction, FrictionRequest, FrictionRow } from './friction/friction.ts'
export { heldByContract } from './held-back/held-by-contract.ts'
export type { HeldOfContract } from './held-back/held-by-contract.ts'
export { proposeAmendments } from './friction/propose-amendment.ts'
export type { Amendment } from './friction/propose-amendment.ts'
export { driftTable, frictionTable, ticketTable } from './table/report-table.ts'
export type { ReportTable } from './table/report-table.ts'
export { tableCsv, tableHtml, tableText } from './table/render-table.ts'
