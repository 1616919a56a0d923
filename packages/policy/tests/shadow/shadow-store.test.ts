import { memoryPolicyStore, memoryShadowStore, shadowStoreContract } from '@varco/policy/testing'

shadowStoreContract('memory', async (clock) => {
  const policies = memoryPolicyStore({ clock })
  return { policies, store: memoryShadowStore({ clock, policies }) }
})
