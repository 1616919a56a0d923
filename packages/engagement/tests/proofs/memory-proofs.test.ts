import { memoryProofs, proofMemoryContract } from '@varco/engagement/testing'

proofMemoryContract('the double', async () => memoryProofs())
