import type { Config } from '@varco/core'
import type { ExitCode, Output } from './output.ts'

/** What every command gets: checked settings and a place to speak. */
export interface CommandContext {
  readonly config: Config
  readonly output: Output
  /** Ends long-running commands; set by SIGINT and SIGTERM. */
  readonly stop: AbortSignal
}

/** A command's work. Faults it throws become one sentence and exit code 1. */
export type CommandWork = (context: CommandContext) => Promise<ExitCode>

/** How commander's action reaches the context: each command file registers itself with this. */
export type Run = (work: CommandWork) => Promise<void>
