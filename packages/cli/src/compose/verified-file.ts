import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { VerifiedTree } from '@varco/access-log'
import { ConfigError } from '@varco/core'
import * as z from 'zod'

const fileSchema = z.array(
  z.strictObject({
    writer: z.string(),
    epoch: z.int(),
    size: z.int(),
    root: z.string(),
    frontier: z.array(z.string()),
    witnessed: z.int(),
  }),
)

/** What the last verification of the log came to, outside the database, for the next to go on from. */
export interface VerifiedFile {
  /** Nothing when the log was never verified here. */
  read(): Promise<readonly VerifiedTree[]>
  write(trees: readonly VerifiedTree[]): Promise<void>
}

export function verifiedFile(dir: string): VerifiedFile {
  const file = path.join(dir, 'verified.json')
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch(() => '[]')
      try {
        return fileSchema.parse(JSON.parse(text))
      } catch (cause) {
        throw new ConfigError('VARCO_HOME', 'verified.json is damaged; verify the whole log once', { cause })
      }
    },
    write: async (trees) => {
      await writeFile(`${file}.new`, JSON.stringify(trees), { mode: 0o600 })
      await rename(`${file}.new`, file)
    },
  }
}
