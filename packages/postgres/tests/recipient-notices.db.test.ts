import { openRecipientNotices } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { recipientNoticesContract } from '@varco/retention/testing'
import { inject, onTestFinished } from 'vitest'

recipientNoticesContract(async () => {
  const database = await scratchDatabase(inject('serverUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  return openRecipientNotices(database)
})
