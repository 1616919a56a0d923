export { budgetStoreContract } from './budget-store-contract.ts'
export {
  assignmentFact,
  contractFact,
  FIXTURE_NOW,
  fixtureEngagement,
  operatorFact,
  ticketFact,
} from './engagement-facts.ts'
export { closingsIn } from './closings-in.ts'
export { engagementStoreContract } from './engagement-store-contract.ts'
export { instructionFact, instructionStoreContract } from './instruction-store-contract.ts'
export { grantFact, grantStoreContract } from './grant-store-contract.ts'
export { memoryBudgets } from './memory-budgets.ts'
export { memoryEngagement } from './memory-engagement.ts'
export { contractLifeContract, copiesLedgerContract, copyFact } from './contract-life-contract.ts'
export { memoryContractLife } from './memory-contract-life.ts'
export { memoryCopies } from './memory-copies.ts'
export { memoryProofs } from './memory-proofs.ts'
export { proofMemoryContract } from './proof-memory-contract.ts'
export { memoryTickets } from './memory-tickets.ts'
export { RecordedActs } from './recorded-acts.ts'
export { memoryWork } from './memory-work.ts'
export { workStoreContract } from './work-store-contract.ts'
