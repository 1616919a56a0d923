import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { UnavailableError } from '@varco/core'
import { archiveContract } from '@varco/retention/testing'
import { expect, onTestFinished, test } from 'vitest'
import { archiveFolder } from '../../src/compose/archive-folder.ts'

async function scratch(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-archive-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

archiveContract(async () => archiveFolder(await scratch()))

test('what is sealed are the records as they were, for the owner’s eyes alone, and no slice besides', async () => {
  const dir = await scratch()
  const archive = archiveFolder(dir)
  await archive.add('p1', 'r1', [{ key: '1', record: '{"id":1,"amount":10.50}' }])
  await archive.seal('p1', 'r1', async (keys) => new Set(keys))
  const folder = path.join(dir, 'p1', 'r1')
  expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'records.jsonl'])
  expect(await readFile(path.join(folder, 'records.jsonl'), 'utf8')).toBe('{"id":1,"amount":10.50}\n')
  expect((await stat(path.join(folder, 'records.jsonl'))).mode & 0o077).toBe(0)
})

test('a bundle that is joined in many shares is the same as one joined in one', async () => {
  const seals = await Promise.all(
    [1, 1_000_000].map(async (shareBytes) => {
      const archive = archiveFolder(await scratch(), { shareBytes })
      for (const from of [0, 50, 20]) {
        const keys = Array.from({ length: 60 }, (_, i) => String(from + i))
        await archive.add(
          'p1',
          'r1',
          keys.map((key) => ({ key, record: `{"key":"${key}","from":${from}}` })),
        )
      }
      return archive.seal('p1', 'r1', async (keys) => new Set(keys))
    }),
  )
  expect(seals[0]).toMatchObject({ records: 110 })
  expect(seals[1]).toEqual(seals[0])
})

test('a slice that a crash left unfinished is not read', async () => {
  const dir = await scratch()
  const archive = archiveFolder(dir)
  await archive.add('p1', 'r1', [{ key: '1', record: '{}' }])
  await writeFile(path.join(dir, 'p1', 'r1', '.slice-0000000000000001-x.jsonl'), '{"key":"2","rec')
  expect((await archive.seal('p1', 'r1', async (keys) => new Set(keys))).records).toBe(1)
})

test('a record archived again is kept as it went last, however long the machine had been up before', async () => {
  const dir = await scratch()
  const folder = path.join(dir, 'p1', 'r1')
  await mkdir(folder, { recursive: true })
  const line = (record: string) => `${JSON.stringify({ key: '1', record })}\n`
  await writeFile(path.join(folder, 'slice-9000000000000000-x.jsonl'), line('{"form":"before"}'))
  // What a node that hangs has only begun may still come, and is older too.
  await writeFile(path.join(folder, '.slice-9000000000000007-y.jsonl'), line('{"form":"begun"}'))
  const archive = archiveFolder(dir)
  for (let form = 1; form <= 12; form++)
    await archive.add('p1', 'r1', [{ key: '1', record: `{"form":${form}}` }])
  const begun = path.join(folder, '.slice-9000000000000007-y.jsonl')
  await rename(begun, path.join(folder, 'slice-9000000000000007-y.jsonl'))
  await archive.seal('p1', 'r1', async (keys) => new Set(keys))
  expect(await readFile(path.join(folder, 'records.jsonl'), 'utf8')).toBe('{"form":12}\n')
})

test('a folder that cannot be written is a fault', async () => {
  const file = path.join(await scratch(), 'file')
  await writeFile(file, '')
  await expect(archiveFolder(file).add('p1', 'r1', [])).rejects.toThrow(UnavailableError)
})
