export { archiveContract } from './archive-contract.ts'
export { memoryArchive } from './memory-archive.ts'
export { memoryRestrictions } from './memory-restrictions.ts'
export { restrictionStoreContract } from './restriction-store-contract.ts'
