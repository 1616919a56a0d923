import type * as FileSystem from 'node:fs/promises'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileAnchor, generateLogKeys } from '@varco/access-log'
import { afterAll, describe, expect, test, vi } from 'vitest'
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

test('a checkpoint is on the disk before it counts as published, and one that is not is no checkpoint', async () => {
  const flushed: string[] = []
  let isFull = false
  vi.resetModules()
  vi.doMock('node:fs/promises', async (importOriginal) => {
    const fs = await importOriginal<typeof FileSystem>()
    return {
      ...fs,
      open: async (...args: Parameters<typeof fs.open>) => {
        const handle = await fs.open(...args)
        const sync = handle.sync.bind(handle)
        handle.sync = async () => {
          flushed.push(await fs.readFile(String(args[0]), 'utf8'))
          if (isFull) throw new Error('no space left on the device')
          await sync()
        }
        return handle
      },
    }
  })
  try {
    const { fileAnchor: watched } = await import('../../src/anchors/file-anchor.ts')
    const anchor = watched(path.join(dir, 'flushed'))
    await anchor.publish(noteOf('x', 1))
    expect(flushed).toEqual([`\n${JSON.stringify(noteOf('x', 1))}`])
    isFull = true
    await expect(anchor.publish(noteOf('x', 2))).rejects.toThrow('no space left')
  } finally {
    vi.doUnmock('node:fs/promises')
    vi.resetModules()
  }
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

describe('asked again', () => {
  test('it has what was published since, by another process too', async () => {
    const file = path.join(dir, 'e')
    const anchor = fileAnchor(file)
    expect(await anchor.latest('x')).toBeNull()
    for (let size = 1; size < 4; size++) {
      await (size === 2 ? anchor : fileAnchor(file)).publish(noteOf('x', size))
      expect(await Promise.all([anchor.latest('x'), anchor.latest('x'), anchor.latest('y')])).toEqual([
        noteOf('x', size),
        noteOf('x', size),
        null,
      ])
    }
  })

  test('a line that was still being written is read when it is whole', async () => {
    const file = path.join(dir, 'f')
    const anchor = fileAnchor(file)
    await anchor.publish(noteOf('x', 1))
    const line = `\n${JSON.stringify(noteOf('x', 2))}`
    for (const part of [line.slice(0, 1), line.slice(1, 40), line.slice(40, -1)]) {
      await appendFile(file, part)
      expect(await anchor.latest('x')).toBe(noteOf('x', 1))
    }
    await appendFile(file, line.slice(-1))
    expect(await anchor.latest('x')).toBe(noteOf('x', 2))
  })

  test('it reads no line a second time but the last', async () => {
    const file = path.join(dir, 'g')
    const anchor = fileAnchor(file)
    await anchor.publish(noteOf('x', 1))
    await anchor.publish(noteOf('y', 1))
    expect(await anchor.latest('x')).toBe(noteOf('x', 1))
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"x', '"z'))
    expect(await anchor.latest('x')).toBe(noteOf('x', 1))
    expect(await fileAnchor(file).latest('x')).toBeNull()
  })

  test('of a file that is another one by now, or gone, it says what is in it', async () => {
    const file = path.join(dir, 'h')
    const anchor = fileAnchor(file)
    for (const size of [1, 2, 3]) await anchor.publish(noteOf('x', size))
    expect(await anchor.latest('x')).toBe(noteOf('x', 3))
    await writeFile(file, `\n${JSON.stringify(noteOf('x', 1))}`)
    expect(await anchor.latest('x')).toBe(noteOf('x', 1))
    await writeFile(file, `\n${JSON.stringify(noteOf('y', 1)).repeat(9)}\n${JSON.stringify(noteOf('y', 2))}`)
    expect(await anchor.latest('x')).toBeNull()
    expect(await anchor.latest('y')).toBe(noteOf('y', 2))
    await rm(file)
    expect(await anchor.latest('y')).toBeNull()
  })

  test('a line longer than any checkpoint is passed over', async () => {
    const file = path.join(dir, 'i')
    const anchor = fileAnchor(file)
    await anchor.publish(noteOf('x', 1))
    await appendFile(file, `\n${'"'.repeat(1_200_000)}`)
    expect(await anchor.latest('x')).toBe(noteOf('x', 1))
    await appendFile(file, '"'.repeat(1_200_000))
    await anchor.publish(noteOf('x', 2))
    expect(await anchor.latest('x')).toBe(noteOf('x', 2))
  })
})
