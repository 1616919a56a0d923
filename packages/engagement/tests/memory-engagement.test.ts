import { engagementStoreContract, grantStoreContract, memoryEngagement } from '@varco/engagement/testing'

engagementStoreContract('the double in memory', async () => memoryEngagement())
grantStoreContract('the double in memory', async () => memoryEngagement())
