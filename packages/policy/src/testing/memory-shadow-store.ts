import type { Clock, PolicyVersion } from '@varco/core'
import type { PolicyStore } from '../versions/policy-store.ts'
import type { ShadowDifference } from '../shadow/shadow.ts'
import {
  UnknownCandidateError,
  type ShadowRun,
  type ShadowStore,
  type ShadowTally,
} from '../shadow/shadow-store.ts'

export interface MemoryShadowStoreOptions {
  readonly clock: Clock
  readonly policies: Pick<PolicyStore, 'find'>
}

/** The port's double for tests: forgets everything with the process. */
export function memoryShadowStore({ clock, policies }: MemoryShadowStoreOptions): ShadowStore {
  const runs: ShadowRun[] = []
  const tallies = new Map<number, Map<PolicyVersion, ShadowTally>>()
  const watchers = new Set<() => void>()
  return {
    lastRun: async () => runs.at(-1) ?? null,
    lastWithCandidate: async () => runs.findLast(({ candidate }) => candidate !== null) ?? null,
    start: async (candidate, by) => {
      if (candidate !== null && (await policies.find(candidate)) === null) throw new UnknownCandidateError()
      const run = { number: runs.length + 1, candidate, setBy: by, setAt: clock.now() }
      runs.push(run)
      for (const wake of watchers) wake()
      return run
    },
    add: async (run, tally) => {
      const ofRun = tallies.get(run) ?? new Map<PolicyVersion, ShadowTally>()
      tallies.set(run, ofRun)
      const known = ofRun.get(tally.active)
      ofRun.set(tally.active, known === undefined ? tally : addTallies(known, tally))
    },
    tallies: async (run) => [...(tallies.get(run)?.values() ?? [])],
    watch: async (wake) => {
      watchers.add(wake)
      return {
        [Symbol.asyncDispose]: async () => {
          watchers.delete(wake)
        },
      }
    },
  }
}

function addTallies(a: ShadowTally, b: ShadowTally): ShadowTally {
  const byKind = new Map<string, ShadowDifference>()
  for (const { count, ...kind } of [...a.differences, ...b.differences]) {
    const key = JSON.stringify(kind)
    byKind.set(key, { ...kind, count: (byKind.get(key)?.count ?? 0) + count })
  }
  return {
    ...{ active: a.active, candidate: a.candidate },
    asked: a.asked + b.asked,
    differing: a.differing + b.differing,
    recordsNotCompared: a.recordsNotCompared + b.recordsNotCompared,
    left: a.left + b.left,
    failed: a.failed + b.failed,
    differences: [...byKind.values()].toSorted((one, other) => other.count - one.count),
  }
}
