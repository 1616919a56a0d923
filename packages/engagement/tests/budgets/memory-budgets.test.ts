import { budgetStoreContract, memoryBudgets } from '@varco/engagement/testing'

budgetStoreContract('the double', async () => memoryBudgets())
