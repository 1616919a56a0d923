import { randomUUID } from 'node:crypto'
import {
  appendOnce,
  heartbeat,
  WitnessRefusedError,
  type AccessLog,
  type LogReadStore,
  type TreeAccess,
} from '@varco/access-log'
import { faultFields, VarcoError, type Diagnostics } from '@varco/core'

/** Name of the tree that commands append to, whichever process runs them. */
export const COMMAND_WRITER = 'command'

/** What it takes to append from a command; `Services` has it under other names. */
export interface CommandLogAccess extends Omit<TreeAccess, 'writer' | 'store'> {
  readonly store: TreeAccess['store'] & Pick<LogReadStore, 'heads'>
  readonly diagnostics: Diagnostics
}

/**
 * Commands leave their traces in a tree of their own, beside any serving process, and note at once where it stands:
 * no serving process may be there to do so. An anchor that is away stops no command: the event is durable, verification says
 * what the anchor has not seen, and the next heartbeat covers it.
 */
export function commandLog({ diagnostics, ...access }: CommandLogAccess): AccessLog {
  return {
    append: async (draft) => {
      const appended = await appendOnce({ ...access, writer: COMMAND_WRITER }, draft)
      try {
        await heartbeat({ ...access, reading: access.store, newRequestId: randomUUID })
      } catch (error) {
        if (error instanceof VarcoError && !(error instanceof WitnessRefusedError)) throw error
        diagnostics.error('an anchor did not take where the log stands', faultFields(error))
      }
      return appended
    },
  }
}
