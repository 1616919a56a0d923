import { openScheduleLedger } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { scheduleLedgerContract } from '@varco/retention/testing'
import { inject, onTestFinished } from 'vitest'

scheduleLedgerContract(async () => {
  const database = await scratchDatabase(inject('serverUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  return openScheduleLedger(database)
})
