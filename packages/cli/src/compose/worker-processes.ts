import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvariantError, VarcoError, type Diagnostics } from '@varco/core'

/** What one of the processes is started with. */
export interface WorkerStart {
  /** Of the `varco` command, `--json` among them: its first line on standard output says that it serves. */
  readonly args: readonly string[]
  /** Settings besides those of this process. */
  readonly env: Readonly<Record<string, string>>
}

export interface WorkerProcesses extends AsyncDisposable {
  /** What each answered when it began to serve. */
  readonly answers: readonly unknown[]
  readonly pids: () => readonly number[]
  /** Resolves when a process cannot be brought back. */
  readonly ended: Promise<Error>
}

/** A process that was to serve ended instead. */
export class WorkerEndedError extends VarcoError {
  readonly code = 'worker-ended'

  constructor() {
    super('a worker process ended before it served; what it said stands above')
  }
}

/** The message on which a worker takes no more requests, finishes those under way and ends. */
export const STOP = 'stop'

const MAIN = path.join(import.meta.dirname, '..', `main${path.extname(import.meta.filename)}`)
const PAUSE_MS = 500
/** A process that ends more often than this within a minute will not get better by itself. */
const MOST_RESTARTS = 5
const MINUTE_MS = 60_000
const GRACE_MS = 20_000

/**
 * Runs `varco` several times over, on one port: connections go to the processes in turn. One that ends is started again, under
 * the same settings. They end with this process, however it ends, and by its word alone: a signal from the terminal
 * reaches all of them, and is left to this one.
 * @throws WorkerEndedError when one does not come to serve
 */
export async function startWorkers(
  starts: readonly WorkerStart[],
  diagnostics: Diagnostics,
): Promise<WorkerProcesses> {
  const running = new Map<WorkerStart, Worker>()
  const restarts: number[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>()
  let stopping = false

  const start = async (what: WorkerStart): Promise<unknown> => {
    cluster.setupPrimary({ exec: MAIN, args: [...what.args], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    const worker = cluster.fork(what.env)
    running.set(what, worker)
    const answer = await firstLine(worker)
    worker.once('exit', () => {
      running.delete(what)
      if (!stopping) void bringBack(what)
    })
    return answer
  }
  const bringBack = async (what: WorkerStart): Promise<void> => {
    const now = performance.now()
    restarts.push(now)
    const recent = restarts.filter((at) => at > now - MINUTE_MS).length
    diagnostics.error('a worker process ended', { restarts: recent })
    try {
      if (recent > MOST_RESTARTS) throw new WorkerEndedError()
      await sleep(PAUSE_MS)
      if (!stopping) await start(what)
    } catch (error) {
      end(error instanceof Error ? error : new InvariantError('a worker process ended'))
    }
  }
  const stop = async (): Promise<void> => {
    stopping = true
    await Promise.all([...running.values()].map(stopWorker))
  }
  try {
    const answers = await Promise.all(starts.map(start))
    return {
      answers,
      pids: () => [...running.values()].flatMap((worker) => worker.process.pid ?? []),
      ended,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @throws WorkerEndedError */
async function firstLine(worker: Worker): Promise<unknown> {
  const { stdout } = worker.process
  if (stdout === null) throw new InvariantError('a worker process has no standard output')
  const ended = new AbortController()
  const exit = once(worker, 'exit', { signal: ended.signal }).then((): never => {
    throw new WorkerEndedError()
  })
  try {
    const [line] = (await Promise.race([once(createInterface(stdout), 'line'), exit])) as [string]
    return JSON.parse(line)
  } finally {
    exit.catch(() => {})
    ended.abort()
  }
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.isDead()) return
  const gone = once(worker, 'exit')
  if (worker.isConnected()) worker.send(STOP)
  const tooLong = setTimeout(() => worker.process.kill('SIGKILL'), GRACE_MS)
  await gone
  clearTimeout(tooLong)
}
