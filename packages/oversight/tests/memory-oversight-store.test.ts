import { memoryOversightStore, oversightStoreContract } from '@varco/oversight/testing'

oversightStoreContract(async () => memoryOversightStore())
