import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

const MIGRATIONS = path.join(import.meta.dirname, '../migrations')

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly when: number; readonly tag: string }[]
}

/** A line without its file stops every migration; a file without its line, or one that seems older than the last, is passed over. */
test('the journal names each migration there is, and no other, each later than the one before', async () => {
  const text = await readFile(path.join(MIGRATIONS, 'meta/_journal.json'), 'utf8')
  const { entries } = JSON.parse(text) as Journal
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(files)
  const rises = (values: readonly number[]) => values.every((value, at) => value > (values[at - 1] ?? -1))
  expect(rises(entries.map(({ idx }) => idx))).toBe(true)
  expect(rises(entries.map(({ when }) => when))).toBe(true)
  expect(entries.filter(({ idx, tag }) => !tag.startsWith(`${String(idx).padStart(4, '0')}_`))).toEqual([])
})
