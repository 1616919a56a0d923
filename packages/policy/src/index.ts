export { APPROVALS, approvalOf } from './bundle/approval.ts'
export type { Approval } from './bundle/approval.ts'
export type { Bundle, Contract, Relation, Resource } from './bundle/bundle.ts'
export { hangingOn } from './bundle/hanging-records.ts'
export { retentionMasks } from './bundle/retention-masks.ts'
export type { HangingRecords, Listing, Removal } from './bundle/hanging-records.ts'
export { storedRelation } from './bundle/stored-relation.ts'
export type { ChangeMethod, PathStep, RecordMapping, Upstream, UpstreamRoute } from './bundle/upstream.ts'
export { compileBundle, versionOf } from './bundle/compile-bundle.ts'
export { bundleFiles } from './bundle/bundle-files.ts'
export { bundleJsonSchemas } from './bundle/json-schemas.ts'
export { loadBundle } from './bundle/load-bundle.ts'
export type { LoadedBundle } from './bundle/load-bundle.ts'
export { BundleError, renderProblem } from './bundle/problem.ts'
export type { BundleProblem } from './bundle/problem.ts'
export { oversightFileSchema, oversightSettings } from './bundle/oversight-schema.ts'
export type { ExplainedBy, OversightDocument } from './bundle/oversight-schema.ts'
export {
  ACTIONS,
  bundleDocumentSchema,
  DISPOSITIONS,
  ON_REQUEST,
  FIELD_TYPES,
  isRangeType,
  MASKS,
  RANGE_TYPES,
  RETENTION_MASKS,
} from './bundle/schema.ts'
export type {
  Action,
  BundleDocument,
  CaseDocument,
  CatalogueDocument,
  ContractDocument,
  FieldType,
  MaskName,
  ProcessorDocument,
  ProofOfPossession,
  RangeType,
  RuleDocument,
  WorkersAgreement,
} from './bundle/schema.ts'
export { workersAgreementOf } from './bundle/workers-agreement.ts'
export { abilityOutcome, restoreAbility, toAbility } from './casl/to-ability.ts'
export type { AbilityCondition, AbilityRecord, PolicyAbility, Sight } from './casl/to-ability.ts'
export { runCases } from './cases/run-cases.ts'
export type { CaseReport, CaseResult, ClauseCoverage, Disagreement } from './cases/run-cases.ts'
export { conditionToSql } from './condition/condition-to-sql.ts'
export { evaluateClosed } from './condition/evaluate-condition.ts'
export { namedValues } from './condition/named-values.ts'
export { readCondition } from './condition/read-condition.ts'
export type { ReadCondition } from './condition/read-condition.ts'
export { toConstant } from './condition/field-value.ts'
export type { ClosedCondition, Constant, FieldTypes } from './decision/condition.ts'
export { decide } from './decision/decide.ts'
export { DecisionMemory } from './decision/decision-memory.ts'
export { OUTCOMES } from './decision/decision.ts'
export { isOpenTo } from './decision/rule-index.ts'
export type {
  Decision,
  Deny,
  FailedClause,
  FieldPermit,
  NearestRule,
  Obligations,
  Outcome,
  Permit,
  Reason,
  RecordOutcomes,
  RowOutcome,
} from './decision/decision.ts'
export { decideRecord } from './decision/decide-record.ts'
export { GATE_REASONS } from './decision/gate-reasons.ts'
export type { GateReason } from './decision/gate-reasons.ts'
export { maskValue } from './decision/mask-value.ts'
export type { MaskKeys } from './decision/mask-value.ts'
export { REASONS } from './decision/reasons.ts'
export type { ReasonCode } from './decision/reasons.ts'
export type {
  AccessRequest,
  ContractFacts,
  GrantFacts,
  Principal,
  Scalar,
  TicketFacts,
} from './decision/request.ts'
export { ActivationError } from './versions/policy-store.ts'
export type {
  Activation,
  ActivePolicy,
  PolicyStore,
  PolicySummary,
  StoredPolicy,
} from './versions/policy-store.ts'
export { followPolicy } from './versions/live-policy.ts'
export type { LivePolicy, LivePolicyOptions } from './versions/live-policy.ts'
export type {
  FetchedRecord,
  JsonPath,
  JsonPlace,
  RecordFilter,
  RecordOrder,
  RecordQuery,
  RecordSet,
  RecordSource,
  RelatedSet,
  RangeFilter,
  WordsFilter,
} from './records/record-source.ts'
export { RANGE_TESTS } from './records/record-source.ts'
export type { NewValue, RecordUpdate, RecordWriter, UpdateOutcome } from './records/record-writer.ts'
export { diffBundles } from './diff/diff-bundles.ts'
export type { Change, PolicyDiff, Shown } from './diff/diff-bundles.ts'
export type { Cell } from './diff/cell.ts'
export type { StructuralChange } from './diff/structural-changes.ts'
export type { Witness } from './diff/witness.ts'
export { diffText } from './diff/render-diff.ts'
export { findIdleRules } from './cases/rule-health.ts'
export type { RuleFinding } from './cases/rule-health.ts'
export { caseRequest } from './cases/case-request.ts'
export { casesText } from './cases/render-cases.ts'
export { explain, explanationText } from './explain/explain.ts'
export type { ExplainedRule, Explanation } from './explain/explain.ts'
export { judgeRecord } from './explain/judge-record.ts'
export type { ClauseTruth, Judgement, RuleTruth } from './explain/judge-record.ts'
export { policyMatrix } from './matrix/policy-matrix.ts'
export type { MatrixEntry, MatrixOutcome } from './matrix/policy-matrix.ts'
export { matrixCsv, matrixHtml, matrixText } from './matrix/render-matrix.ts'
export { Shadow } from './shadow/shadow.ts'
export type { ShadowDifference, ShadowReport } from './shadow/shadow.ts'
export { replayedRequest } from './shadow/replayed-request.ts'
export type { LoggedAccess } from './shadow/replayed-request.ts'
export { followShadow } from './shadow/live-shadow.ts'
export type { LiveShadow, LiveShadowOptions, ShadowQuestion } from './shadow/live-shadow.ts'
export { UnknownCandidateError } from './shadow/shadow-store.ts'
export type { ShadowRun, ShadowStore, ShadowTally } from './shadow/shadow-store.ts'
export {
  describedRecord,
  evaluateAccess,
  evaluateAll,
  evaluateEach,
  evaluationSchema,
  evaluationsSchema,
} from './authzen/evaluate.ts'
export type { Evaluation, EvaluationResult, Evaluations, SubjectFacts } from './authzen/evaluate.ts'
