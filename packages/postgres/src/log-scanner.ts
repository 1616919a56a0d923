import type { Worker } from 'node:worker_threads'
import type { Scanner, ScanReport, ScanTask } from '@varco/access-log'
import { startThread } from './start-thread.ts'

/** What a scanning thread needs to know of the database. */
export interface ScanSource {
  readonly url: string
  /** The exported snapshot to read; the present when absent. */
  readonly snapshot: string | undefined
}

/** A thread's answer to one task. */
export type ScanAnswer = { readonly report: ScanReport } | { readonly failure: string }

interface Job {
  readonly task: ScanTask
  readonly resolve: (report: ScanReport) => void
  readonly reject: (error: Error) => void
}

/** Rows pass through; next to none of what a row takes is needed behind it. */
const YOUNG_MB = 8

/** Spreads pieces of trees over threads, each with database connections of its own. */
export class WorkerScanner implements Scanner {
  readonly #workers: Worker[] = []
  readonly #queue: Job[] = []
  readonly #source: ScanSource
  readonly #most: number
  readonly #idle: Worker[] = []

  constructor(source: ScanSource, workers: number) {
    this.#source = source
    this.#most = workers
  }

  readonly scan = (task: ScanTask): Promise<ScanReport> =>
    new Promise((resolve, reject) => {
      this.#queue.push({ task, resolve, reject })
      this.#next()
    })

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #next(): void {
    const worker = this.#idle.pop() ?? (this.#workers.length < this.#most ? this.#hire() : undefined)
    if (worker === undefined) return
    const job = this.#queue.shift()
    if (job === undefined) {
      this.#idle.push(worker)
      return
    }
    const settle = (outcome: ScanAnswer): void => {
      worker.off('error', fail)
      this.#idle.push(worker)
      if ('report' in outcome) job.resolve(outcome.report)
      else job.reject(new Error(outcome.failure))
      this.#next()
    }
    const fail = (error: Error): void => {
      worker.off('message', settle)
      job.reject(error)
    }
    worker.once('message', settle)
    worker.once('error', fail)
    worker.postMessage(job.task, [])
  }

  #hire(): Worker {
    const worker = startThread('log-scan-worker', this.#source, { youngMb: YOUNG_MB })
    this.#workers.push(worker)
    return worker
  }
}
