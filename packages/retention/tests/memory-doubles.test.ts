import { describe } from 'vitest'
import {
  archiveContract,
  memoryArchive,
  memoryRestrictions,
  restrictionStoreContract,
} from '@varco/retention/testing'

describe('the archive in memory', () => {
  archiveContract(async () => memoryArchive())
})
describe('restrictions in memory', () => {
  restrictionStoreContract(async () => memoryRestrictions())
})
