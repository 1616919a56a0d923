import { describe } from 'vitest'
import {
  archiveContract,
  memoryArchive,
  memoryNotices,
  memoryOutbox,
  memoryRestrictions,
  memoryScheduleLedger,
  outboxContract,
  recipientNoticesContract,
  restrictionStoreContract,
  scheduleLedgerContract,
} from '@varco/retention/testing'

describe('the archive in memory', () => {
  archiveContract(async () => memoryArchive())
})
describe('restrictions in memory', () => {
  restrictionStoreContract(async () => memoryRestrictions())
})
describe('notices in memory', () => {
  recipientNoticesContract(async () => memoryNotices())
})
describe('the outbox in memory', () => {
  outboxContract(async () => memoryOutbox())
})
describe('the ledger of schedules in memory', () => {
  scheduleLedgerContract(async () => memoryScheduleLedger())
})
