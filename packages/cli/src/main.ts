#!/usr/bin/env node
import cluster from 'node:cluster'
import { commandIn } from './commands-for.ts'
import { STOP } from './compose/worker-processes.ts'
import { keepHeapLean } from './lean-heap.ts'
import { readEnv } from './read-env.ts'
import { runVarco } from './run-varco.ts'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Whoever started a worker got the signal too, and says when to end.
    if (cluster.isWorker) return
    // A second Ctrl-C means now.
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort()
  })
}
process.on('message', (message) => {
  if (message === STOP) stopping.abort()
})

const line = process.argv.slice(2)
keepHeapLean(commandIn(line), line)
const exitCode = await runVarco(line, {
  env: readEnv(),
  out: process.stdout,
  err: process.stderr,
  stop: stopping.signal,
})
process.exit(exitCode)
