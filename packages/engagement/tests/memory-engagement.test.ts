import { engagementStoreContract, memoryEngagement } from '@varco/engagement/testing'

engagementStoreContract('the double in memory', async () => memoryEngagement())
