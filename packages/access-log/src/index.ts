export { EVENT_KINDS } from './event.ts'
export type {
  AccessLog,
  Appended,
  DisclosureDraft,
  EventDraft,
  EventKind,
  FieldChange,
  FilterUse,
} from './event.ts'
export { actDraft } from './act-draft.ts'
export { CANARY_TOUCHED } from './canary-touched.ts'
export {
  ClockAheadError,
  HoldPlacedError,
  MalformedEventError,
  PruneRefusedError,
  RolledBackError,
  SupersededError,
} from './errors.ts'
export type { PruneRefusal } from './errors.ts'
export { generateLogKeys, verifiersOf } from './keys/log-keys.ts'
export type { LogKeys } from './keys/log-keys.ts'
export { nextLogKeys, rotateKeys } from './keys/rotate-keys.ts'
export type { KeyRotation } from './keys/rotate-keys.ts'
export { adoptLogKeys, loadLogKeys, writeLogKeys } from './keys/key-files.ts'
export { subjectLookup } from './keys/subject-lookup.ts'
export type { SubjectLookup } from './keys/subject-lookup.ts'
export { openAccessLog } from './writer/open-access-log.ts'
export type { AccessLogOptions, AccessLogWriter } from './writer/open-access-log.ts'
export { appendOnce } from './writer/append-once.ts'
export { appendHistory } from './writer/append-history.ts'
export type { PastEvent } from './writer/append-history.ts'
export type { TreeAccess } from './writer/append-once.ts'
export { openAccessLogReader } from './reading/open-access-log-reader.ts'
export type { AccessLogReaderOptions } from './reading/open-access-log-reader.ts'
export { queryTraces } from './reading/query-traces.ts'
export type { QueryTraces } from './reading/query-traces.ts'
export { EXPORT_FORMATS, exportLog } from './export/export-log.ts'
export type { ExportFormat, ExportOptions } from './export/export-log.ts'
export { parseTlogProof, tlogProofText } from './verify/tlog-proof.ts'
export { checkInclusion, inclusionChecker } from './verify/check-inclusion.ts'
export { checkConsistency } from './verify/check-consistency.ts'
export { proveConsistency } from './reading/prove-consistency.ts'
export type { ConsistencyProof } from './consistency-proof.ts'
export type { InclusionFault, InclusionVerdict } from './verify/check-inclusion.ts'
export { verifyLog } from './verify/verify-log.ts'
export type { LogVerdict, VerifiedTree, VerifyOptions } from './verify/verify-log.ts'
export { scanRange } from './verify/scan-range.ts'
export type { Scanner, ScanReport, ScanTask } from './verify/scan-report.ts'
export { FINDING_KINDS } from './verify/finding.ts'
export type { Finding, FindingKind } from './verify/finding.ts'
export { pruneAllBefore, pruneBefore } from './prune/prune-before.ts'
export { approvePrune, openPruneProposal, PRUNE_APPROVALS, proposePrune } from './prune/prune-proposal.ts'
export type { ProposalReading, ProposalRefusal, PruneProposal } from './prune/prune-proposal.ts'
export { lastPrune } from './prune/last-prune.ts'
export { finishPrune, pruneLog } from './prune/prune-log.ts'
export type { Prune, PruneOptions, UnlessHeld } from './prune/prune-log.ts'
export type { LogPruning, TreeCut } from './store/log-pruning.ts'
export { eraseDataSubject } from './erase/erase-data-subject.ts'
export type { Erasure, ErasureOptions, HeldEvidence } from './erase/erase-data-subject.ts'
export { MOST_CLOCK_LEAD } from './clock-lead.ts'
export type { LogMetrics } from './writer/log-metrics.ts'
export { heartbeat, startHeartbeats } from './top/heartbeat.ts'
export type { HeartbeatOptions } from './top/heartbeat.ts'
export type { Anchor } from './anchors/anchor.ts'
export { witnessAnchor, WitnessRefusedError } from './anchors/witness-anchor.ts'
export type { WitnessAnchorOptions } from './anchors/witness-anchor.ts'
export { fileAnchor } from './anchors/file-anchor.ts'
export { anchorsStanding } from './anchors/anchors-standing.ts'
export type { AnchorStanding } from './anchors/anchors-standing.ts'
export {
  gotIn,
  type Batch,
  type CommitOutcome,
  type FoundEvent,
  type Head,
  type LogStore,
  type EventKeys,
  type MindedHolds,
  type NewEvent,
  type PlacedEvent,
  type PlacedSideRow,
  type SideRowPlace,
  type StoredCheckpoint,
  type TreeId,
} from './store/log-store.ts'
export type {
  Cursor,
  ErasableRow,
  FoundSideRow,
  HeldRows,
  LogReadStore,
  SeqRange,
  StoreQuery,
  WalkedEvent,
  WalkedSideRow,
} from './store/log-read-store.ts'
export { frontierLength } from './merkle/frontier.ts'
export type { Frontier, TreeNode } from './merkle/frontier.ts'
export { hashesFromBytes, hashesToBytes, leafHashOfPrefixed } from './merkle/hash.ts'
export type { Hash } from './merkle/hash.ts'
export type { InclusionProof } from './inclusion-proof.ts'
export type {
  AccessLogReader,
  EventPage,
  EventQuery,
  FoundAccess,
  StoredChange,
  StoredDisclosure,
  StoredEvent,
  StoredFilter,
  WriterState,
} from './reader.ts'
export { openIdentityVault, OPENING_REQUEST_LIVES, VaultRefusedError } from './vault/identity-vault.ts'
export type {
  Identity,
  IdentityVault,
  OpenedIdentity,
  VaultOptions,
  VaultRefusal,
} from './vault/identity-vault.ts'
export { identityHash } from './vault/vault-cipher.ts'
export { openingsOf } from './vault/openings-of.ts'
export type { Opening } from './vault/openings-of.ts'
export type { OpeningDecision, OpeningRequest, SealedIdentity, VaultStore } from './vault/vault-store.ts'
