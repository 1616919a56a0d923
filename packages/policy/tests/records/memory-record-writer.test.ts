import {
  CONTRACT_INVOICES,
  memoryRecordSource,
  memoryRecordWriter,
  recordWriterContract,
} from '@varco/policy/testing'

recordWriterContract('the double in memory', async () => {
  const records = { invoice: [...CONTRACT_INVOICES] }
  return {
    writer: memoryRecordWriter(records, ({ amount }) => Number(amount) < -1_000),
    source: { fetch: async (query) => memoryRecordSource(records).fetch(query), count: async () => 0 },
  }
})
