import { parentPort, workerData } from 'node:worker_threads'
import { LOTS_AHEAD, type FeedMessage, type FeedSource, type FeedTaken } from './oversight-feed-thread.ts'
import { walkTree } from './oversight-walk.ts'
import type { PackedSteps } from './packed-steps.ts'

/* The thread of `FeedThread`: reads its trees to their ends, a few lots ahead of whoever takes them. */

const { url, trees } = workerData as FeedSource
const mayGo = trees.map(() => LOTS_AHEAD)
const waiting = new Map<number, () => void>()

parentPort?.on('message', (tree: FeedTaken) => {
  mayGo[tree] = (mayGo[tree] ?? 0) + 1
  waiting.get(tree)?.()
  waiting.delete(tree)
})

for (const tree of trees.keys())
  void send(tree).catch((error: unknown) => {
    // Its name alone, for messages carry values; for `faultFields` the whole of core would be loaded.
    const name = error instanceof Error ? error.name : typeof error
    tell({ failure: `the log could not be read (${name})` })
  })

async function send(tree: number): Promise<void> {
  const walk = trees[tree]
  if (walk === undefined) return
  for await (const lot of walkTree(url, walk)) await put(tree, lot)
  tell({ tree, steps: null })
}

async function put(tree: number, steps: PackedSteps): Promise<void> {
  if ((mayGo[tree] ?? 0) === 0) await new Promise<void>((resolve) => waiting.set(tree, resolve))
  mayGo[tree] = (mayGo[tree] ?? 0) - 1
  parentPort?.postMessage({ tree, steps } satisfies FeedMessage, [steps.places.buffer, steps.numbers.buffer])
}

function tell(message: FeedMessage): void {
  parentPort?.postMessage(message, [])
}
