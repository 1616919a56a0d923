import type { LogStore } from '../store/log-store.ts'

/** How the next commits of a failing store go wrong: before anything is kept, or after everything is. */
export type CommitFault = 'not-persisted' | 'persisted'

/** A store whose commits fail as told, and that can be away altogether. */
export interface FailingStore extends LogStore {
  /** Faults of the next commits, in order; none once it is empty. */
  faults: CommitFault[]
  /** While `true`, nothing answers. */
  away: boolean
}

export function failingStore(store: LogStore): FailingStore {
  const failing: FailingStore = {
    faults: [],
    away: false,
    head: async (writer) => {
      present()
      return store.head(writer)
    },
    find: async (tree, seq) => {
      present()
      return store.find(tree, seq)
    },
    checkpoint: async (tree, size) => {
      present()
      return store.checkpoint(tree, size)
    },
    search: async (query) => {
      present()
      return store.search(query)
    },
    commit: async (batch, ahead) => {
      present()
      const fault = failing.faults.shift()
      if (fault === 'not-persisted') throw new Error('the connection was lost before the commit')
      const outcome = await store.commit(batch, ahead)
      if (fault === 'persisted') throw new Error('the connection was lost behind the commit')
      return outcome
    },
  }
  const present = (): void => {
    if (failing.away) throw new Error('the store is away')
  }
  return failing
}
