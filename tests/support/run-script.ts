import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** Runs a script of Node to its end, printing what it prints; returns its last line, which is not printed. */
export async function runScript(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let last: string | null = null
  for await (const line of createInterface({ input: child.stdout })) {
    if (last !== null) console.log(last)
    last = line
  }
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`)
  return last ?? ''
}
