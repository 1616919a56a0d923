import type { Worker } from 'node:worker_threads'
import type { PackedSteps } from './packed-steps.ts'
import type { TreeWalk } from './oversight-walk.ts'
import { startThread } from './start-thread.ts'

/** What the thread needs to know. */
export interface FeedSource {
  readonly url: string
  readonly trees: readonly TreeWalk[]
}

/** From the thread: some steps of a tree, its end, or that it cannot go on. */
export type FeedMessage =
  | { readonly tree: number; readonly steps: PackedSteps | null }
  | { readonly failure: string }

/** To the thread: a lot of this tree was taken, another may be read. */
export type FeedTaken = number

/** Lots of a tree that wait here; beyond them the thread waits. */
export const LOTS_AHEAD = 4

/** Has a thread of its own read trees and take their events apart, while they are judged here. */
export class FeedThread implements AsyncDisposable {
  readonly #worker: Worker
  readonly #lots: (PackedSteps | null)[][]
  #failure: Error | null = null
  #wake: (() => void)[] = []

  constructor(url: string, trees: readonly TreeWalk[]) {
    this.#lots = trees.map(() => [])
    const source: FeedSource = { url, trees }
    this.#worker = startThread('oversight-feed-worker', source)
    this.#worker.on('message', (message: FeedMessage) => {
      if ('failure' in message) this.#failure ??= new Error(message.failure)
      else this.#lots[message.tree]?.push(message.steps)
      this.#wakeAll()
    })
    this.#worker.on('error', (error) => {
      this.#failure ??= error
      this.#wakeAll()
    })
    this.#worker.on('exit', () => {
      this.#failure ??= new Error('the thread that reads the log has ended')
      this.#wakeAll()
    })
  }

  /** The steps of one of the trees, lot by lot. */
  async *steps(tree: number): AsyncGenerator<PackedSteps> {
    for (;;) {
      const lot = this.#lots[tree]?.shift()
      if (lot === null) return
      if (lot === undefined) {
        if (this.#failure !== null) throw this.#failure
        await new Promise<void>((resolve) => this.#wake.push(resolve))
        continue
      }
      this.#worker.postMessage(tree satisfies FeedTaken, [])
      yield lot
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}
