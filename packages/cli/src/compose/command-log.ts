import { randomUUID } from 'node:crypto'
import { appendOnce, heartbeat, type AccessLog, type LogReadStore, type TreeAccess } from '@varco/access-log'

/** Name of the tree that commands append to, whichever process runs them. */
const COMMAND_WRITER = 'command'

/** What it takes to append from a command; `Services` has it under other names. */
export interface CommandLogAccess extends Omit<TreeAccess, 'writer' | 'store'> {
  readonly store: TreeAccess['store'] & Pick<LogReadStore, 'heads'>
}

/**
 * Commands leave their traces in a tree of their own, beside any serving process, and note at once where it stands:
 * no serving process may be there to do so.
 */
export function commandLog(access: CommandLogAccess): AccessLog {
  return {
    append: async (draft) => {
      const appended = await appendOnce({ ...access, writer: COMMAND_WRITER }, draft)
      await heartbeat({ ...access, reading: access.store, newRequestId: randomUUID })
      return appended
    },
  }
}
