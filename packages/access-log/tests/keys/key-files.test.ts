import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generateLogKeys, loadLogKeys, writeLogKeys } from '@varco/access-log'
import { ConfigError } from '@varco/core'
import { afterAll, expect, test } from 'vitest'

const dir = await mkdtemp(path.join(tmpdir(), 'varco-keys-'))
afterAll(() => rm(dir, { recursive: true }))

const keys = generateLogKeys('gse.example/varco')

test('keys are read back as they were written, and only their owner can', async () => {
  const folder = path.join(dir, 'a')
  await writeLogKeys(folder, keys)
  const read = await loadLogKeys(folder)
  expect(read.origin).toBe(keys.origin)
  expect(read.verifier).toBe(keys.verifier)
  expect(read.lookup.equals(keys.lookup)).toBe(true)
  expect(read.signing.equals(keys.signing)).toBe(true)
  for (const file of ['log-signing.key', 'log-lookup.key'])
    expect((await stat(path.join(folder, file))).mode & 0o077).toBe(0)
  expect((await readFile(path.join(folder, 'log-verifier.pub'), 'utf8')).trim()).toBe(keys.verifier)
})

test('a key is never overwritten', async () => {
  const folder = path.join(dir, 'b')
  await writeLogKeys(folder, keys)
  await expect(writeLogKeys(folder, generateLogKeys('gse.example/varco'))).rejects.toThrow(ConfigError)
  expect((await loadLogKeys(folder)).verifier).toBe(keys.verifier)
})

test('a missing or damaged key is a clear error that shows nothing of it', async () => {
  const folder = path.join(dir, 'c')
  await expect(loadLogKeys(folder)).rejects.toThrow('log-signing.key is missing')
  await writeLogKeys(folder, keys)
  const file = path.join(folder, 'log-signing.key')
  const secret = await readFile(file, 'utf8')
  await writeFile(file, secret.replace('gse', 'gsf'))
  await expect(loadLogKeys(folder)).rejects.toThrow(/^log-signing.key is not a signing key$/)
  await writeFile(file, secret)
  await writeFile(path.join(folder, 'log-lookup.key'), 'AAAA')
  await expect(loadLogKeys(folder)).rejects.toThrow('log-lookup.key is not a key of 32 bytes')
})

test('an origin that no key can be named is refused', () => {
  expect(() => generateLogKeys('a b')).toThrow(ConfigError)
  expect(() => generateLogKeys('a+b')).toThrow(ConfigError)
  expect(() => generateLogKeys('')).toThrow(ConfigError)
})
