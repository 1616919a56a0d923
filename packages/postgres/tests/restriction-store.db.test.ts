import { openRestrictionStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { restrictionStoreContract } from '@varco/retention/testing'
import { inject, onTestFinished } from 'vitest'

restrictionStoreContract(async () => {
  const database = await scratchDatabase(inject('serverUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  return openRestrictionStore(database)
})
