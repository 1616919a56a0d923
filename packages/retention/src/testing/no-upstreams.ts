import type { UpstreamRecords } from '../upstream/upstream-records.ts'

/** For bundles whose records are all in the database: whoever asks an upstream is at fault. */
export const noUpstreams: UpstreamRecords = {
  find: () => Promise.reject(new Error('no upstream is declared')),
  remove: () => Promise.reject(new Error('no upstream is declared')),
}
