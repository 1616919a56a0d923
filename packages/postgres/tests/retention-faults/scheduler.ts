import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** A scheduler in a process of its own, which can be killed. */
export interface Scheduler {
  /** Once it waits for plans. */
  readonly ready: Promise<void>
  /** Resolves once it has carried the plan out; never, if it is killed before. */
  carryOut(plan: string): Promise<void>
  /** At once, whatever it does, unless it has ended. */
  kill(): Promise<void>
}

/** How records and Varco's own state are kept, as far as the scheduler knows. */
export type Kept = 'together' | 'apart'

export function startScheduler(url: string, kept: Kept): Scheduler {
  const file = path.join(import.meta.dirname, 'scheduler-process.ts')
  const child = spawn(process.execPath, ['--conditions=varco:source', file, url, kept], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said = new Map<string, PromiseWithResolvers<void>>()
  const saying = (line: string): PromiseWithResolvers<void> => {
    const known = said.get(line) ?? Promise.withResolvers<void>()
    said.set(line, known)
    return known
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    saying(line).resolve()
  })
  // A line that it can no longer read is lost with it.
  child.stdin.on('error', () => {})
  return {
    ready: saying('ready').promise,
    carryOut: (plan) => {
      child.stdin.write(`${plan}\n`)
      return saying(plan).promise
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'close')
      child.kill('SIGKILL')
      await gone
    },
  }
}
