import { describe } from 'vitest'
import { memorySavedSearches } from '../support/memory-saved-searches.ts'
import { savedSearchesContract } from './saved-searches.contract.ts'

describe('searches in memory', () => {
  savedSearchesContract(async () => ({ ...memorySavedSearches(), [Symbol.asyncDispose]: async () => {} }))
})
