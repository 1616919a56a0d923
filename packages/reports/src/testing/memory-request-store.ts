import type { DataSubjectRequest } from '../requests/request.ts'
import type { RequestStore } from '../requests/request-store.ts'

/** Requests in memory, for tests. */
export function memoryRequestStore(): RequestStore {
  const requests = new Map<string, DataSubjectRequest>()
  const numbers = new Map<number, number>()
  const oldestFirst = (): DataSubjectRequest[] =>
    [...requests.values()].sort((a, b) => Number(a.receivedAt - b.receivedAt) || (a.id < b.id ? -1 : 1))
  return {
    nextNumber: async (year) => {
      const number = (numbers.get(year) ?? 0) + 1
      numbers.set(year, number)
      return number
    },
    add: async (request) => {
      requests.set(request.id, request)
    },
    find: async (id) => requests.get(id) ?? null,
    replace: async (request) => {
      if (requests.get(request.id)?.version !== request.version - 1) return false
      requests.set(request.id, request)
      return true
    },
    open: async () => oldestFirst().filter(({ outcome }) => outcome === null),
    list: async ({ limit, after }) => {
      const newestFirst = oldestFirst().reverse()
      const start = after === undefined ? 0 : newestFirst.findIndex(({ id }) => id === after) + 1
      return newestFirst.slice(start, start + limit)
    },
  }
}
