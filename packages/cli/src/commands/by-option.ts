import type { Command } from 'commander'
import { readPseudonym } from './report-options.ts'

export interface ByOptions {
  /** Pseudonym of whoever gives the command; taken on trust, and recorded. */
  readonly by: string
}

/** Adds `--by`, without which nobody would stand in the log for what a command shows or does. */
export function withPseudonym(command: Command): Command {
  return command.requiredOption('--by <pseudonym>', 'who asks; it goes into the log', readPseudonym)
}
