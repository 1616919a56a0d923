import { CONTRACT_INVOICES, memoryRecordSource, recordSourceContract } from '@varco/policy/testing'

recordSourceContract('the double in memory', async () => memoryRecordSource({ invoice: CONTRACT_INVOICES }))
