import { describe } from 'vitest'
import { memorySessionStore } from '../support/memory-session-store.ts'
import { sessionStoreContract } from './session-store.contract.ts'

describe('the store in memory', () => {
  sessionStoreContract(async () => ({ ...memorySessionStore(), [Symbol.asyncDispose]: async () => {} }))
})
