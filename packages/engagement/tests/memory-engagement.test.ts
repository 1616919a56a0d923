import {
  contractLifeContract,
  copiesLedgerContract,
  engagementStoreContract,
  grantStoreContract,
  instructionStoreContract,
  memoryContractLife,
  memoryCopies,
  memoryEngagement,
} from '@varco/engagement/testing'

engagementStoreContract('the double in memory', async () => memoryEngagement())
grantStoreContract('the double in memory', async () => memoryEngagement())
instructionStoreContract('the double in memory', async () => {
  const engagement = memoryEngagement()
  return { engagement, instructions: engagement }
})
contractLifeContract('the double in memory', async () => {
  const engagement = memoryEngagement()
  return { engagement, grants: engagement, life: memoryContractLife(engagement) }
})
copiesLedgerContract('the double in memory', async () => memoryCopies())
