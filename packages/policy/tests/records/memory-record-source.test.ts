import {
  CONTRACT_INVOICES,
  CONTRACT_READINGS,
  jsonRecordsContract,
  CONTRACT_STAYS,
  memoryRecordSource,
  rangeRecordsContract,
  recordSourceContract,
} from '@varco/policy/testing'

recordSourceContract('the double in memory', async () => memoryRecordSource({ invoice: CONTRACT_INVOICES }))
jsonRecordsContract('the double in memory', async () => memoryRecordSource({ reading: CONTRACT_READINGS }))
rangeRecordsContract('the double in memory', async () => memoryRecordSource({ stay: CONTRACT_STAYS }))
