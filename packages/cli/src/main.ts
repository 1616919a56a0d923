#!/usr/bin/env node
import { readEnv } from './read-env.ts'
import { runVarco } from './run-varco.ts'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second Ctrl-C means now.
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort()
  })
}

const exitCode = await runVarco(process.argv.slice(2), {
  env: readEnv(),
  out: process.stdout,
  err: process.stderr,
  stop: stopping.signal,
})
process.exit(exitCode)
