import { setTimeout as sleep } from 'node:timers/promises'
import type { Micros } from '@varco/core'

/** What a page waits for before it says that it is being worked out. */
const PATIENCE_MS = 100
/** So long after it is done it is shown again, where it took longer than a page waits. */
const KEPT_US = 300_000_000n
/** Beyond so many the oldest is forgotten. */
const MOST_KEPT = 100
/** Each takes connections to the database that other pages need. */
const MOST_AT_ONCE = 2

export interface WorkedOut<T> {
  readonly value: T
  /** When it was begun. */
  readonly at: Micros
}

interface Work<T> {
  readonly at: Micros
  readonly result: Promise<T>
  /** How long it took; `null` while it goes on. */
  readonly state: { took: Micros | null }
}

/**
 * Work that may take longer than a page may: it goes on when the page has left, is begun once however many ask, and whoever asks
 * again finds it. While as much is under way as may be, nothing is begun: whoever asks is told what they are told of work that goes on.
 * @returns asks for what goes by a key; `null` while it is being worked out. Throws what the work throws, once
 */
export function longWork<T>(
  patienceMs = PATIENCE_MS,
): (key: string, now: Micros, work: () => Promise<T>) => Promise<WorkedOut<T> | null> {
  const under = new Map<string, Work<T>>()
  const goingOn = { count: 0 }
  return async (key, now, work) => {
    const known = under.get(key)
    const took = known?.state.took ?? null
    const isStale = known !== undefined && took !== null && now - known.at - took > KEPT_US
    const isToBegin = known === undefined || isStale
    if (isToBegin && goingOn.count >= MOST_AT_ONCE) return null
    const here = isToBegin ? begin({ under, goingOn }, key, now, work) : known
    const ending = new AbortController()
    const value = await Promise.race([
      here.result.then((result) => ({ result })),
      sleep(patienceMs, null, { signal: ending.signal }),
    ]).catch((error: unknown) => {
      // Told, if only to who came after it: whoever asks next has it begun anew.
      if (under.get(key) === here) under.delete(key)
      throw error
    })
    if (value === null) return null
    ending.abort()
    // What is quick is worked out anew each time.
    if (here !== known) under.delete(key)
    return { value: value.result, at: here.at }
  }
}

interface AllWork<T> {
  readonly under: Map<string, Work<T>>
  readonly goingOn: { count: number }
}

function begin<T>({ under, goingOn }: AllWork<T>, key: string, at: Micros, work: () => Promise<T>): Work<T> {
  const state: Work<T>['state'] = { took: null }
  const begunAt = performance.now()
  const run = async (): Promise<T> => {
    goingOn.count++
    try {
      return await work()
    } finally {
      state.took = BigInt(Math.floor((performance.now() - begunAt) * 1_000))
      goingOn.count--
    }
  }
  const begun: Work<T> = { at, state, result: run() }
  under.delete(key)
  under.set(key, begun)
  for (const oldest of [...under.keys()].slice(0, Math.max(0, under.size - MOST_KEPT))) under.delete(oldest)
  return begun
}
