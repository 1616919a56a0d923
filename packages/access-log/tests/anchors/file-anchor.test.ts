import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileAnchor, generateLogKeys } from '@varco/access-log'
import { afterAll, expect, test } from 'vitest'
import { EMPTY_ROOT } from '../../src/merkle/hash.ts'
import { checkpointText } from '../../src/notes/checkpoint.ts'
import { signNote } from '../../src/notes/signed-note.ts'

const dir = await mkdtemp(path.join(tmpdir(), 'varco-anchor-'))
afterAll(() => rm(dir, { recursive: true }))

const keys = generateLogKeys('gse.example/varco')
const noteOf = (origin: string, size: number): string =>
  signNote(checkpointText({ origin, size, root: EMPTY_ROOT }), keys.origin, keys.signing)

test('remembers the last checkpoint of each log, over restarts', async () => {
  const file = path.join(dir, 'a', 'anchor')
  expect(await fileAnchor(file).latest('x')).toBeNull()
  await fileAnchor(file).publish(noteOf('x', 1))
  await fileAnchor(file).publish(noteOf('y', 7))
  await fileAnchor(file).publish(noteOf('x', 2))
  expect(await fileAnchor(file).latest('x')).toBe(noteOf('x', 2))
  expect(await fileAnchor(file).latest('y')).toBe(noteOf('y', 7))
  expect(await fileAnchor(file).latest('z')).toBeNull()
})

test('only grows', async () => {
  const file = path.join(dir, 'b')
  await fileAnchor(file).publish(noteOf('x', 1))
  const before = await readFile(file, 'utf8')
  await fileAnchor(file).publish(noteOf('x', 2))
  expect((await readFile(file, 'utf8')).startsWith(before)).toBe(true)
})

test('a line cut short by a crash is passed over, and the next is whole', async () => {
  const file = path.join(dir, 'c')
  await fileAnchor(file).publish(noteOf('x', 1))
  await appendFile(file, `\n${JSON.stringify(noteOf('x', 2)).slice(0, 20)}`)
  expect(await fileAnchor(file).latest('x')).toBe(noteOf('x', 1))
  await fileAnchor(file).publish(noteOf('x', 3))
  expect(await fileAnchor(file).latest('x')).toBe(noteOf('x', 3))
})

test('of a file of many pieces, what was remembered long ago is found too, wherever the pieces are cut', async () => {
  const file = path.join(dir, 'd')
  const old = noteOf('old', 5)
  const many = Array.from({ length: 2_000 }, (_, i) => `\n${JSON.stringify(`${noteOf('x', 1)}— è${i}\n`)}`)
  await appendFile(file, `\n${JSON.stringify(old)}${many.join('')}`)
  expect((await stat(file)).size).toBeGreaterThan(4 * 64 * 1024)
  expect(await fileAnchor(file).latest('old')).toBe(old)
  expect(await fileAnchor(file).latest('z')).toBeNull()
})
