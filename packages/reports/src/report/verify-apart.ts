import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { InvariantError } from '@varco/core'
import type { ReportVerification } from './verify-report.ts'

/** What a check may take before it is given up. */
export interface VerifyBounds {
  /** Of the check's own heap. */
  readonly megabytes: number
  /** Of JSON that a PDF may hold, in bytes. */
  readonly largest: number
  readonly milliseconds: number
}

/** Generous to every real report that is no larger than a stranger may send. */
const BOUNDS: VerifyBounds = { megabytes: 384, largest: 96 * 1024 * 1024, milliseconds: 30_000 }

/** What the process is told before the file. */
export interface VerifyTask {
  readonly verifierKey: string
  readonly largest: number
}

const extension = path.extname(import.meta.filename)
const PROCESS = path.join(import.meta.dirname, `verify-process${extension}`)
/** From sources, the process must find the sources of the other packages too, and compiles them once, not for each file. */
const [CONDITIONS, ENV] =
  extension === '.ts' ? [['--conditions=varco:source'], { NODE_COMPILE_CACHE: compiled() }] : [[], {}]

function compiled(): string {
  return path.join(import.meta.dirname, '../../../../node_modules/.cache/compiled')
}

/**
 * `verifyReport` in a process of its own, for a file from a stranger: whatever it holds, this process goes on answering others
 * and gives the check up when it takes too much. A thread would not do: what is out of memory within `JSON.parse` takes all
 * threads along.
 * @returns `null` when it was given up
 */
export async function verifyApart(
  file: Uint8Array,
  verifierKey: string,
  { megabytes, largest, milliseconds }: VerifyBounds = BOUNDS,
): Promise<ReportVerification | null> {
  const child = spawn(
    process.execPath,
    [...CONDITIONS, `--max-old-space-size=${megabytes}`, PROCESS],
    // Nothing of this process's settings is its business.
    { stdio: ['pipe', 'pipe', 'ignore'], env: ENV, timeout: milliseconds, killSignal: 'SIGKILL' },
  )
  // It may end before it has read all.
  child.stdin.on('error', () => {})
  const task: VerifyTask = { verifierKey, largest }
  child.stdin.write(`${JSON.stringify(task)}\n`)
  child.stdin.end(file)
  const [answer, [code, signal]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  if (signal !== null) return null
  if (code !== 0) throw new InvariantError(`the check of a report ended with ${String(code)}`)
  return JSON.parse(answer) as ReportVerification
}
