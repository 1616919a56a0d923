export {
  arbitraryRecord,
  arbitraryRequest,
  arbitraryRules,
  arbitraryWorld,
  worldBundle,
  WORLD_FIELDS,
} from './arbitrary-world.ts'
export type { World } from './arbitrary-world.ts'
export { fixtureBundle } from './fixture-bundle.ts'
export { fixtureDocument } from './fixture-document.ts'
export { CONTRACT_READINGS, jsonRecordsContract, READING } from './json-records-contract.ts'
export { CONTRACT_STAYS, rangeRecordsContract } from './range-records-contract.ts'
export { memoryPolicyStore } from './memory-policy-store.ts'
export { policyStoreContract } from './policy-store-contract.ts'
export { memoryShadowStore } from './memory-shadow-store.ts'
export { shadowStoreContract } from './shadow-store-contract.ts'
export { memoryRecordSource } from './memory-record-source.ts'
export { memoryRecordWriter } from './memory-record-writer.ts'
export { recordWriterContract } from './record-writer-contract.ts'
export { CONTRACT_INVOICES, recordSourceContract } from './record-source-contract.ts'
export { withoutBudgets } from './without-budgets.ts'
