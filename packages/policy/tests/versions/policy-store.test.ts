import { memoryPolicyStore, policyStoreContract } from '@varco/policy/testing'

policyStoreContract('memory', async (clock) => memoryPolicyStore({ clock }))
