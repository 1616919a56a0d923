import type { RecipientNotice, RecipientNotices } from '../request/recipient-notice.ts'

/** Notices that end with their process. */
export function memoryNotices(): RecipientNotices {
  const known = new Map<string, RecipientNotice>()
  return {
    queue: async (notices) => {
      for (const notice of notices) if (!known.has(notice.id)) known.set(notice.id, notice)
    },
    notice: async (id) => known.get(id) ?? null,
    waiting: async (limit) =>
      [...known.values()]
        .filter(({ settled }) => settled === null)
        .toSorted((a, b) => Number(a.queuedAt - b.queuedAt) || (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    settle: async (id, settled) => {
      const notice = known.get(id)
      if (notice === undefined || notice.settled !== null) return false
      known.set(id, { ...notice, settled, dataSubject: null })
      return true
    },
  }
}
