export { isOver, lastDay, latestTrigger } from './due-date.ts'
export type { Term } from './due-date.ts'
export type { Belonging } from './belonging.ts'
export { dayAt, dueRules, takesAway } from './rules.ts'
export type {
  AwaitedEvent,
  Cutoff,
  DisposalRule,
  Disposition,
  DueRule,
  QuasiIdentifiers,
  Related,
} from './rules.ts'
export { recordGraph, tableOf } from './graph.ts'
export type { ForeignKey, GraphFault, RecordGraph, Reference } from './graph.ts'
export { APPROVER_ROLES, isPlanOver, missingApprovals, recordsToGo } from './plan.ts'
export type {
  ApproverRole,
  Cascade,
  EarlyEnd,
  PlanApproval,
  PlannedRule,
  RunEstimate,
  PlanRequest,
  PlanState,
  RecordPlace,
  RetentionPlan,
} from './plan.ts'
export { planReplay, planRetention } from './plan-retention.ts'
export type { PlanOptions } from './plan-retention.ts'
export { scheduledRules } from './schedule/scheduled-rules.ts'
export type { OnOccurrence, ScheduledRule, Timetable } from './schedule/timetable.ts'
export type { ScheduleLedger, SeenTo } from './schedule/schedule-ledger.ts'
export { carryOnApproved, seeToRule } from './schedule/see-to-rule.ts'
export type { SeeingTo, SeenToEnd } from './schedule/see-to-rule.ts'
export { logCeiling } from './schedule/log-ceiling.ts'
export { OVERDUE, overdueWork } from './schedule/overdue-work.ts'
export type { OverdueSources, OverdueWork } from './schedule/overdue-work.ts'
export { planErasure } from './request/plan-erasure.ts'
export type { ErasureAsked } from './request/plan-erasure.ts'
export { restrictOnRequest } from './request/restrict-on-request.ts'
export type { RestrictionAsked } from './request/restrict-on-request.ts'
export { requestOutcomeSchema } from './request/request-outcome.ts'
export type { RecordOutcome, RequestOutcome } from './request/request-outcome.ts'
export { recipientsIn } from './request/recipients.ts'
export type { FindRecipients, Recipient } from './request/recipients.ts'
export { NOTICE_ENDS } from './request/recipient-notice.ts'
export type { NotifiedAct, NoticeEnd, RecipientNotice, RecipientNotices } from './request/recipient-notice.ts'
export { settleNotice } from './request/notify-recipients.ts'
export { approveInPart } from './authority/approve-in-part.ts'
export type { AgreedRecord, PartialApproval } from './authority/approve-in-part.ts'
export { LIST_COLUMNS, readAgreedList } from './authority/agreed-list.ts'
export type { AgreedList } from './authority/agreed-list.ts'
export { weighAgreed } from './authority/weigh-agreed.ts'
export type { AgreedOfRule } from './authority/weigh-agreed.ts'
export { listedRecords } from './authority/listed-records.ts'
export type { ListedRecord } from './authority/listed-records.ts'
export { approvePlan, cancelPlan, pausePlan } from './approve-plan.ts'
export type { ApprovalGiven, PlanOutcome } from './approve-plan.ts'
export { endPlan } from './end-plan.ts'
export { spelt } from './canonical-key.ts'
export { keyHash } from './key-hash.ts'
export { DEFAULT_DUTY, runPlan } from './run-plan.ts'
export { eventStanding } from './event/started-terms.ts'
export type { EventDesk, EventStanding } from './event/started-terms.ts'
export { awaitedEvents } from './event/awaited-events.ts'
export type { ToldEvent } from './event/awaited-events.ts'
export { contractEndsIn } from './event/contract-ends.ts'
export type { ContractEnds, LivesInLog, LoggedLife } from './event/contract-ends.ts'
export { isEventDay } from './event/event-day.ts'
export { tellEvent, weighEvent } from './event/tell-event.ts'
export type { EventOutcome, EventTold, WeighedEvent } from './event/tell-event.ts'
export type { LoggedEvent, ToldInLog } from './event/proven-event.ts'
export type { HappenedEvent, RecordEvent } from './event/record-event.ts'
export type { RunOptions, RunOutcome } from './run-plan.ts'
export { heldResource, holdsOn } from './hold.ts'
export type { Hold, HoldQuestions, HoldScope, HoldsOn, LockedRecord, ShownUnder } from './hold.ts'
export { recordPlaced } from './record-placed.ts'
export { placeHold, releaseHold, reviewHold } from './place-hold.ts'
export type { HoldOutcome, HoldPlaced } from './place-hold.ts'
export type { ArchivedRecord, ArchiveSeal, RetentionArchive } from './archive.ts'
export { restrictedIn, unrestricted } from './restriction.ts'
export { pointsAtNobodyRestricted } from './points-at-restricted.ts'
export type { Restriction, RestrictionScope, RestrictionStore } from './restriction.ts'
export { liftRestriction, RESTRICTIONS_FRESH_MS, restrictRecords } from './restrict-records.ts'
export type { RestrictionOutcome, RestrictionPlaced } from './restrict-records.ts'
export { certificateSchema, certificateSigner, verifyCertificate } from './certificate.ts'
export type { Certificate, SignCertificate, SignedCertificate } from './certificate.ts'
export { RETENTION_ACTS } from './desk.ts'
export type { RetentionAct, RetentionActKind, RetentionDesk, RetentionLog } from './desk.ts'
export type { RetentionRefusal, RetentionRefused } from './refused.ts'
export type {
  CascadeTask,
  DisposeTask,
  Disposed,
  DueRecord,
  ReadyTask,
  RetentionRecords,
  SliceTransaction,
} from './records.ts'
export { errandRule } from './upstream/outbox.ts'
export { unsureRule } from './unsure-records.ts'
export type { Errand, Errands, ErrandStanding, OpenErrand, UpstreamOutbox } from './upstream/outbox.ts'
export type { Found, NotReached, Removed, UpstreamRecords } from './upstream/upstream-records.ts'
export { eachInTurn } from './schedule/each-in-turn.ts'
export { carryOnEnding } from './schedule/carry-on-ending.ts'
export { carryOnPutOff } from './schedule/carry-on-put-off.ts'
export type {
  Burial,
  Buried,
  PerhapsBurial,
  Unsure,
  ClaimedPage,
  PlanPage,
  RetentionStore,
  RuleTotals,
  Settled,
  SliceUnderWay,
  Tombstones,
} from './store.ts'
