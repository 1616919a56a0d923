import type { OpeningRequest, SealedIdentity, VaultStore } from '../vault/vault-store.ts'

/** A vault's store in memory; `identities` may be tampered with. */
export function memoryVaultStore(): VaultStore & { readonly identities: Map<string, SealedIdentity> } {
  const identities = new Map<string, SealedIdentity>()
  const requests = new Map<string, OpeningRequest>()
  return {
    identities,
    keep: async (identity) => {
      if (!identities.has(identity.pseudonym)) identities.set(identity.pseudonym, identity)
    },
    find: async (pseudonym) => identities.get(pseudonym) ?? null,
    addRequest: async (request) => {
      requests.set(request.id, request)
    },
    request: async (id) => requests.get(id) ?? null,
    pending: async () => [...requests.values()].filter(({ outcome }) => outcome === null),
    decide: async (id, decision) => {
      const request = requests.get(id)
      if (request === undefined || request.outcome !== null) return false
      requests.set(id, { ...request, ...decision })
      return true
    },
  }
}
