export type { Budget, BudgetStore, RecordBudget, RecordsWanted } from './budgets/budget-store.ts'
export { budgetsOf } from './budgets/budgets-of.ts'
export type { ProofMemory } from './proofs/proof-memory.ts'
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
export type { Instruction } from './instructions/instruction.ts'
export type { InstructionStore } from './instructions/instruction-store.ts'
export { endInstruction, stateInstruction } from './instructions/state-instruction.ts'
export type {
  InstructionDesk,
  InstructionOutcome,
  InstructionRefusalCode,
} from './instructions/state-instruction.ts'
export { COPY_ENDS, COPY_KINDS } from './copies/copies-ledger.ts'
export type { CopiesLedger, Copy, CopyEnd, CopyKind, CopyQuery } from './copies/copies-ledger.ts'
export { makeCopy } from './copies/make-copy.ts'
export { settleCopy } from './copies/settle-copy.ts'
export type { CopyDesk, CopyOutcome } from './copies/settle-copy.ts'
export { watermark } from './copies/watermark.ts'
export { addPeriod } from './life/add-period.ts'
export { CONTRACT_MOVE_NAMES, CONTRACT_MOVES, moveFrom, permitsAccess } from './life/contract-moves.ts'
export type { ContractMove, ContractMoveName } from './life/contract-moves.ts'
export type {
  ContractLifeStore,
  MoveProposal,
  Stop,
  StopEffects,
  TakenMove,
} from './life/contract-life-store.ts'
export { EXIT_PARTIES, missingDeclarations } from './life/exit-case.ts'
export type { ExitCase, ExitDeclaration, ExitParty, ExitPartyKind } from './life/exit-case.ts'
export { chooseDisposal, declareExit, exitDossier } from './life/exit-steps.ts'
export type { ExitDossier, ExitOutcome } from './life/exit-steps.ts'
export { actorOf, mayManage } from './life/life-desk.ts'
export type { LifeDesk, LifeOccasion, LifeRefusalCode, LifeRefused } from './life/life-desk.ts'
export { contractEnd, isOver } from './life/contract-end.ts'
export { expireContracts } from './life/expire-contracts.ts'
export type { ExpiredContract } from './life/expire-contracts.ts'
export { isProposalOpen, moveContract } from './life/move-contract.ts'
export type { MoveOutcome, WantedMove } from './life/move-contract.ts'
export type { ImportReport, RowReport } from './csv/import-report.ts'
export { readTable } from './csv/read-table.ts'
export type { ReadTable, Table, TableFault, TableRow } from './csv/read-table.ts'
export { importPeople } from './people/import-people.ts'
export type { PeopleDesk } from './people/import-people.ts'
export type { PeopleDirectory } from './people/people-directory.ts'
export { PEOPLE_COLUMNS } from './people/plan-people.ts'
export type { HideIdentity, OperatorIdentity, PeopleRefusalCode } from './people/plan-people.ts'
export { importTickets, TICKET_COLUMNS } from './tickets/import-tickets.ts'
export type { TicketImportDesk, TicketRowCode } from './tickets/import-tickets.ts'
export { isRefusedTicket, takeTicketMessages, TICKET_REFUSALS } from './tickets/take-ticket-messages.ts'
export type {
  TicketDesk,
  TicketMessage,
  TicketRefusalCode,
  TicketSender,
  TicketVerdict,
} from './tickets/take-ticket-messages.ts'
export type { TicketHistories, TicketStore } from './tickets/ticket-store.ts'
export { changeDigest, foldTicket, impliedChanges, inOrder } from './tickets/ticket-change.ts'
export type { TicketChange } from './tickets/ticket-change.ts'
export type { Refused } from './refused.ts'
export type {
  Assignment,
  ContractState,
  EngagementBatch,
  EngagementChange,
  EngagementFeed,
  EngagementStore,
  EngagementWriter,
  KnownOperator,
  Operator,
  Ticket,
} from './facts.ts'
export { liveEngagement } from './live/live-engagement.ts'
export type { LiveEngagement, LiveEngagementOptions } from './live/live-engagement.ts'
export { closeWorkMonths, declarationsDigest } from './work/close-work-months.ts'
export type { ClosedMonths, ClosingDesk } from './work/close-work-months.ts'
export { recloseWorkMonth } from './work/reclose-work-month.ts'
export type { RecloseDesk, RecloseOutcome } from './work/reclose-work-month.ts'
export { agreedClosings } from './work/work-closings.ts'
export type { ToldClosings, WorkClosing, WorkClosings } from './work/work-closings.ts'
export { declaredWorkCounts, unsignedIn } from './work/count-declared-work.ts'
export type { DeclaredWork, DeclaredWorkCounts } from './work/count-declared-work.ts'
export { declareWork } from './work/declare-work.ts'
export { openWorkMonth } from './work/open-work-month.ts'
export type { AnnouncedMonth } from './work/open-work-month.ts'
export { blindSign, sealedWorkKeys } from './work/sealed-work-keys.ts'
export { takeWorkToken } from './work/take-work-token.ts'
export type { TakenToken } from './work/take-work-token.ts'
export { MAX_HOURS, MAX_PURPOSES } from './work/work-desk.ts'
export type { WorkDesk, WorkRefusalCode, WorkRefused } from './work/work-desk.ts'
export type { WorkKeyOwner, WorkKeys } from './work/work-keys.ts'
export { isMonth, monthAt, monthBefore, phaseOf } from './work/work-month.ts'
export type { WorkMonth, WorkPhase } from './work/work-month.ts'
export type { DeclaredMonth, DecideClosing, WorkDeclaration, WorkStore } from './work/work-store.ts'
export { isSignedToken, workKeyDigest, workTokenId, workTokenText } from './work/work-token.ts'
export type { WorkToken } from './work/work-token.ts'
