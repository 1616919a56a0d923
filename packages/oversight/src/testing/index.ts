export { memoryOversightStore } from './memory-oversight-store.ts'
export { commitOf, findingOf, lookupOf, oversightStoreContract } from './oversight-store-contract.ts'
export { watchedWorld } from './watched-world.ts'
export type { WatchedWorld } from './watched-world.ts'
