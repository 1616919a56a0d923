/*
 * `npm run bench -- console [EVENTS]`: how long the server takes for each page on a log of EVENTS (200,000; the aim, under 200 ms,
 * is for 5,000,000). Pages are asked of the console itself, without a network, on a real PostgreSQL; each first twice unmeasured.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

const EVENTS = '200000'

export default async function bench(args: readonly string[]): Promise<unknown> {
  await run([path.join('node_modules', 'typescript', 'bin', 'tsc'), '-b'])
  const script = path.join(import.meta.dirname, 'console', 'measure-pages.ts')
  return JSON.parse(await run([script, args[0] ?? EVENTS])) as unknown
}

/** Runs a script to its end, printing what it prints; returns its last line, which is not printed. */
async function run(command: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...command], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let last: string | null = null
  for await (const line of createInterface({ input: child.stdout })) {
    if (last !== null) console.log(last)
    last = line
  }
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`${path.basename(command[0] ?? '')} ended with ${String(code)}`)
  return last ?? ''
}
