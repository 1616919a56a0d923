import { isoToMicros, type Micros } from '@varco/core'
import type { LogReadStore } from '../store/log-read-store.ts'
import { parsePrunedTrees, type PrunedTree } from './prune-detail.ts'

/** What the newest record of a prune says: before when everything went, and what that left of each tree. */
export interface LastPrune {
  readonly before: Micros
  readonly trees: readonly PrunedTree[]
}

export async function lastPrune(reading: Pick<LogReadStore, 'search'>): Promise<LastPrune | null> {
  const [last] = await reading.search({ kind: 'log-pruned', limit: 1 })
  if (last === undefined) return null
  const { detail } = JSON.parse(last.body) as { detail?: { before?: unknown } }
  const before = typeof detail?.before === 'string' ? isoToMicros(detail.before) : null
  return before === null ? null : { before, trees: parsePrunedTrees(last.body) }
}
