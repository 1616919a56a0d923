import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { LogCheck } from '@varco/console'
import { isoToMicros, microsToIso } from '@varco/core'
import * as z from 'zod'

const fileSchema = z.strictObject({
  at: z.string(),
  ok: z.boolean(),
  events: z.int(),
  findings: z.int(),
})

/** When the log was last verified here and what came of it, outside the database. */
export interface CheckOutcomeFile {
  /** `null`: never, or the file says nothing readable. */
  read(): Promise<LogCheck | null>
  write(outcome: LogCheck): Promise<void>
}

export function checkOutcomeFile(dir: string): CheckOutcomeFile {
  const file = path.join(dir, 'last-check.json')
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch(() => 'null')
      const read = fileSchema.safeParse(jsonIn(text))
      const at = read.success ? isoToMicros(read.data.at) : null
      return read.success && at !== null ? { ...read.data, at } : null
    },
    write: async ({ at, ...outcome }) => {
      await writeFile(`${file}.new`, JSON.stringify({ at: microsToIso(at), ...outcome }), { mode: 0o600 })
      await rename(`${file}.new`, file)
    },
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
