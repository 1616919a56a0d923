import { parentPort, workerData } from 'node:worker_threads'
import { faultFields } from '@varco/core'
import { LOTS_AHEAD, type FeedMessage, type FeedSource, type FeedTaken } from './oversight-feed-thread.ts'
import { walkTree, type Step } from './oversight-walk.ts'
import { StepPacker } from './packed-steps.ts'

/* The thread of `FeedThread`: reads its trees to their ends, a few lots ahead of whoever takes them. */

const LOT_STEPS = 1_000

const { url, trees } = workerData as FeedSource
const packer = new StepPacker()
const mayGo = trees.map(() => LOTS_AHEAD)
const waiting = new Map<number, () => void>()

parentPort?.on('message', (tree: FeedTaken) => {
  mayGo[tree] = (mayGo[tree] ?? 0) + 1
  waiting.get(tree)?.()
  waiting.delete(tree)
})

for (const tree of trees.keys())
  void send(tree).catch((error: unknown) => {
    tell({ failure: `the log could not be read (${String(faultFields(error)['fault'])})` })
  })

async function send(tree: number): Promise<void> {
  const walk = trees[tree]
  if (walk === undefined) return
  let lot: Step[] = []
  for await (const steps of walkTree(url, walk)) {
    lot.push(...steps)
    if (lot.length < LOT_STEPS) continue
    await put(tree, lot)
    lot = []
  }
  if (lot.length > 0) await put(tree, lot)
  tell({ tree, steps: null })
}

async function put(tree: number, lot: readonly Step[]): Promise<void> {
  if ((mayGo[tree] ?? 0) === 0) await new Promise<void>((resolve) => waiting.set(tree, resolve))
  mayGo[tree] = (mayGo[tree] ?? 0) - 1
  const steps = packer.pack(lot)
  parentPort?.postMessage({ tree, steps } satisfies FeedMessage, [steps.places.buffer, steps.numbers.buffer])
}

function tell(message: FeedMessage): void {
  parentPort?.postMessage(message, [])
}
