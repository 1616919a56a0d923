import { logStoreContract, memoryLogStore } from '@varco/access-log/testing'

logStoreContract(async () => ({ store: memoryLogStore(), [Symbol.asyncDispose]: async () => {} }))
