import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

interface Entry {
  readonly payload: AdapterPayload
  readonly expiresAt: number
}

const ENTRIES_AT_MOST = 10_000

/**
 * Where one issuer keeps login sessions and codes: in memory, gone with the process, bounded. Signed access
 * tokens are not stored at all.
 */
export function expiringStore(): AdapterFactory {
  const entries = new Map<string, Entry>()

  const read = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    if (entry.expiresAt > Date.now()) return entry.payload
    entries.delete(key)
    return undefined
  }

  const write = (key: string, payload: AdapterPayload, seconds: number): void => {
    // Oldest first: a Map keeps the order of insertion.
    const oldest = entries.size >= ENTRIES_AT_MOST ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
    entries.set(key, { payload, expiresAt: Date.now() + seconds * 1000 })
  }

  const find = (kind: string, holds: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    for (const key of entries.keys()) {
      const payload = key.startsWith(`${kind}:`) ? read(key) : undefined
      if (payload !== undefined && holds(payload)) return payload
    }
    return undefined
  }

  return (kind): Adapter => ({
    upsert: async (id, payload, expiresIn) => {
      write(`${kind}:${id}`, payload, expiresIn ?? 3600)
    },
    find: async (id) => read(`${kind}:${id}`),
    findByUid: async (uid) => find(kind, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => find(kind, (payload) => payload.userCode === userCode),
    consume: async (id) => {
      const payload = read(`${kind}:${id}`)
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
    },
    destroy: async (id) => {
      entries.delete(`${kind}:${id}`)
    },
    revokeByGrantId: async (grantId) => {
      for (const [key, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(key)
    },
  })
}
