export { establishContext } from './context/establish-context.ts'
export type { Attribution, Caller, Context } from './context/establish-context.ts'
export { EngagementConflictError } from './errors.ts'
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
