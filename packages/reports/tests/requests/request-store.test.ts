import { memoryRequestStore, requestStoreContract } from '@varco/reports/testing'

requestStoreContract(async () => memoryRequestStore())
