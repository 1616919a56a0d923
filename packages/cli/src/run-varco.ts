import { ConfigError, envToConfig, UnavailableError, VarcoError } from '@varco/core'
import { Command, CommanderError } from 'commander'
import type { CommandWork, Run } from './command-context.ts'
import { commandsFor } from './commands-for.ts'
import { createOutput, type ExitCode, type Streams } from './output.ts'

export interface VarcoProcess extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stop: AbortSignal
}

/** Runs one command line. Never throws for what a user can cause: says it in a sentence and returns 1 or 2. */
export async function runVarco(argv: readonly string[], host: VarcoProcess): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const run: Run = async (work) => {
    exitCode = await runCommand(work, program.opts<{ json?: true }>().json === true, host)
  }
  const program = await createProgram(argv, run, host)
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  return exitCode
}

async function createProgram(argv: readonly string[], run: Run, host: Streams): Promise<Command> {
  const program = new Command('varco')
    .description(
      'The gate between outsourced staff and personal data, and the proof of what went through it.',
    )
    .option('--json', 'answer in JSON')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ writeOut: (text) => host.out.write(text), writeErr: (text) => host.err.write(text) })
    .showHelpAfterError('(see varco --help)')
    .action(() => program.help({ error: true }))
  for (const register of await commandsFor(argv)) register(program, run)
  return program
}

async function runCommand(work: CommandWork, json: boolean, host: VarcoProcess): Promise<ExitCode> {
  const output = createOutput(host, { json })
  try {
    return await work({ config: envToConfig(host.env), output, stop: host.stop })
  } catch (error) {
    output.problem(sentenceOf(error))
    return error instanceof ConfigError ? 2 : 1
  }
}

/** Varco's own faults speak for themselves; of any other only its kind is said, for its message may carry values. */
function sentenceOf(error: unknown): string {
  if (error instanceof VarcoError && !(error instanceof UnavailableError)) return error.message
  const causes = [...causesOf(error)]
  for (const cause of causes) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    if (code === 'EADDRINUSE' && 'port' in cause)
      return `port ${String(cause.port)} is in use by another program; choose another or stop it`
    const sentence = PLAIN_SENTENCES[code]
    if (sentence !== undefined) return sentence
  }
  const [first] = causes
  if (first instanceof VarcoError) return first.message
  return first === undefined ? 'an unknown fault' : `unexpected fault: ${first.name}`
}

/** The error, then what caused it, and so on; of several tried at once, the first. */
function* causesOf(error: unknown): Generator<Error> {
  for (
    let cause = error;
    cause instanceof Error;
    cause = cause.cause ?? (cause instanceof AggregateError ? cause.errors[0] : undefined)
  ) {
    yield cause
  }
}

const PLAIN_SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the database cannot be reached: is it running, and is DATABASE_URL right?',
  ENOTFOUND: 'the database’s host name is not known: is DATABASE_URL right?',
  '28P01': 'the database refuses the user name or password in DATABASE_URL',
  '3D000': 'the database named in DATABASE_URL does not exist',
  ENOSPC: 'the disk is full',
  EACCES: 'a file or folder may not be written by this user',
}
