import { describe } from 'vitest'
import {
  archiveContract,
  memoryArchive,
  memoryNotices,
  memoryRestrictions,
  memoryScheduleLedger,
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
describe('the ledger of schedules in memory', () => {
  scheduleLedgerContract(async () => memoryScheduleLedger())
})
