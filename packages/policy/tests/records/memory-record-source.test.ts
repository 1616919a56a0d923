import {
  CONTRACT_INVOICES,
  CONTRACT_READINGS,
  jsonRecordsContract,
  memoryRecordSource,
  recordSourceContract,
} from '@varco/policy/testing'

recordSourceContract('the double in memory', async () => memoryRecordSource({ invoice: CONTRACT_INVOICES }))
jsonRecordsContract('the double in memory', async () => memoryRecordSource({ reading: CONTRACT_READINGS }))
