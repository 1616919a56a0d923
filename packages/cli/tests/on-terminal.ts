import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'

/** What a command wrote on a terminal, answers and progress in one, and how it ended. */
export interface SeenOnTerminal {
  readonly exitCode: number
  readonly screen: string
}

/**
 * Runs the `varco` command on a terminal: a pseudo-terminal by the system's program `script`, with the command in a process of its own; where
 * there is no such program, streams that say they are one.
 */
export async function onTerminal(
  env: Readonly<Record<string, string>>,
  argv: readonly string[],
): Promise<SeenOnTerminal> {
  return (await onPseudoTerminal(env, argv)) ?? onTerminalLikeStreams(env, argv)
}

const MAIN = path.join(import.meta.dirname, '../src/main.ts')

async function onPseudoTerminal(
  env: Readonly<Record<string, string>>,
  argv: readonly string[],
): Promise<SeenOnTerminal | null> {
  const command = [process.execPath, '--conditions=varco:source', MAIN, ...argv]
  const args =
    process.platform === 'linux'
      ? ['-q', '-e', '-c', command.map(quoted).join(' '), '/dev/null']
      : ['-q', '/dev/null', ...command]
  const child = spawn('script', args, {
    env: { PATH: process.env['PATH'], TERM: 'xterm', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const screen = text(child.stdout)
  try {
    const [exitCode] = (await once(child, 'close')) as [number]
    return { exitCode, screen: await screen }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

async function onTerminalLikeStreams(
  env: Readonly<Record<string, string>>,
  argv: readonly string[],
): Promise<SeenOnTerminal> {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  const seen = text(screen)
  const stop = new AbortController().signal
  const exitCode = await runVarco(argv, { env, out: screen, err: screen, stop })
  screen.end()
  return { exitCode, screen: await seen }
}
