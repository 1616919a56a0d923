import { spawn } from 'node:child_process'
import path from 'node:path'

export interface Step {
  readonly name: string
  /** A script for the pinned Node, and its arguments. */
  readonly command: readonly string[]
}

/** Runs the steps in order, each timed; stops at the first that fails and returns its exit code. */
export async function runSteps(steps: readonly Step[]): Promise<number> {
  for (const step of steps) {
    const started = performance.now()
    const code = await run(step.command)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${seconds} s)`)
    if (code !== 0) return code
  }
  return 0
}

function run(command: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: path.join(import.meta.dirname, '..'),
      stdio: 'inherit',
    })
    child.on('exit', (code) => {
      resolve(code ?? 1)
    })
  })
}
