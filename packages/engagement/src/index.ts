export { establishContext } from './context/establish-context.ts'
export type { Attribution, Caller, Context } from './context/establish-context.ts'
export { ENGAGEMENT_ACTS } from './act-log.ts'
export type { ActLog, EngagementAct, EngagementActKind } from './act-log.ts'
export type { Actor } from './actor.ts'
export { EngagementConflictError } from './errors.ts'
export { GRANT_STATES } from './grants/grant.ts'
export type { Grant, GrantMatter, GrantReview, GrantState } from './grants/grant.ts'
export type { GrantDesk, GrantOutcome, Occasion } from './grants/grant-desk.ts'
export type { GrantQuery, GrantStore } from './grants/grant-store.ts'
export type { GrantRefusalCode, GrantRefused } from './grants/grant-refusals.ts'
export { breakGlass, overdueReviews, reviewBrokenGlass } from './grants/break-glass.ts'
export { approveGrant, refuseAskedGrant } from './grants/decide-grant.ts'
export { mayDecide } from './grants/may-decide.ts'
export { NO_NOTICES } from './grants/notices.ts'
export type { Notice, Notices } from './grants/notices.ts'
export type { Asker, WantedGrant } from './grants/plan-grant.ts'
export { requestGrant } from './grants/request-grant.ts'
export { revokeGrant } from './grants/revoke-grant.ts'
export type { Refused } from './refused.ts'
export type {
  Assignment,
  ContractState,
  EngagementBatch,
  EngagementChange,
  EngagementFeed,
  EngagementStore,
  EngagementWriter,
  Operator,
  Ticket,
} from './facts.ts'
export { liveEngagement } from './live/live-engagement.ts'
export type { LiveEngagement, LiveEngagementOptions } from './live/live-engagement.ts'
