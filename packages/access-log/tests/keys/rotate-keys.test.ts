import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  adoptLogKeys,
  checkInclusion,
  generateLogKeys,
  heartbeat,
  loadLogKeys,
  nextLogKeys,
  openAccessLog,
  openAccessLogReader,
  rotateKeys,
  verifyLog,
  writeLogKeys,
  type LogKeys,
} from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId, ConfigError, UnavailableError, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

const old = generateLogKeys('gse.example/varco')
const next = nextLogKeys(old)
const dir = await mkdtemp(path.join(tmpdir(), 'varco-rotation-'))
afterAll(() => rm(dir, { recursive: true }))

let store = memoryLogStore()
let anchor = memoryAnchor()
let clock = new ManualClock(1_795_500_000_000_000n)

const open = (keys: LogKeys, writer = 'proxy-1') =>
  openAccessLog({ store, keys, clock, writer: asId<WriterId>(writer), anchors: [anchor] })

const appendOne = async (keys: LogKeys, writer?: string): Promise<string> => {
  await using log = await open(keys, writer)
  return (await log.append(eventDraft())).id
}

const rotate = (): Promise<void> =>
  rotateKeys({ store, reading: store, keys: old, next, clock, anchors: [anchor] })

const kinds = async (
  verifierKeys: readonly string[] = [next.verifier, ...next.former],
): Promise<string[]> => {
  const { findings } = await verifyLog({ store, verifierKeys, anchors: [anchor] })
  return findings.map(({ kind, writer, epoch }) => `${kind} ${writer}.${epoch}`)
}

beforeEach(async () => {
  store = memoryLogStore()
  anchor = memoryAnchor()
  clock = new ManualClock(1_795_500_000_000_000n)
  await appendOne(old)
  await appendOne(old, 'console-1')
})

describe('after a change of keys', () => {
  test('writers go on in a new epoch, and old and new verify together', async () => {
    await rotate()
    expect(await appendOne(next)).toBe('proxy-1.2.2')
    expect(await appendOne(next, 'console-1')).toBe('console-1.2.2')
    expect(await appendOne(next, 'proxy-9')).toBe('proxy-9.1.1')
    await heartbeat({
      store,
      reading: store,
      keys: next,
      clock,
      anchors: [anchor],
      newRequestId: () => 'beat',
    })
    expect(await kinds()).toEqual([])
  })

  test('a process with the old key stops, and cannot come back', async () => {
    await using log = await open(old)
    await rotate()
    await expect(log.append(eventDraft())).rejects.toThrow(UnavailableError)
    await expect(open(old)).rejects.toThrow(ConfigError)
  })

  test('done again it changes nothing, and a half done one is finished', async () => {
    await rotateKeys({
      store,
      reading: { heads: async () => (await store.heads()).slice(0, 1) },
      keys: old,
      next,
      clock,
    })
    await rotate()
    const sizes = (await store.heads()).map(({ size }) => size)
    await rotate()
    expect((await store.heads()).map(({ size }) => size)).toEqual(sizes)
    await appendOne(next)
    expect(await kinds()).toEqual([])
  })

  test('old proofs are opened by the old key, data subjects are found through both epochs', async () => {
    await rotate()
    await appendOne(next)
    const reader = openAccessLogReader({ store, keys: next })
    const found: string[] = []
    for await (const { event } of reader.accessesOf({ kind: 'producer', id: 'P-1' })) found.push(event.id)
    expect(found).toEqual(['console-1.1.1', 'proxy-1.1.1', 'proxy-1.2.2'])
    const proof = await reader.prove(asId('proxy-1.1.1'))
    if (proof === null) throw new Error('not proven')
    expect(checkInclusion(proof, next.verifier).ok).toBe(false)
    expect(checkInclusion(proof, [next.verifier, ...next.former].join('\n')).ok).toBe(true)
  })
})

test('other keys without a change of keys are refused', async () => {
  await expect(open(next)).rejects.toThrow('written with another signing key')
})

describe('an epoch that does not follow from the one before is found', () => {
  test('the old one missing', async () => {
    await rotate()
    await appendOne(next)
    store.trees.splice(
      store.trees.findIndex(({ writer, epoch }) => writer === 'proxy-1' && epoch === 1),
      1,
    )
    expect(await kinds()).toEqual(['tree-missing proxy-1.1', 'bad-epoch proxy-1.2'])
  })

  test('the old one not closed for this key', async () => {
    const stranger = nextLogKeys(old)
    await rotateKeys({ store, reading: store, keys: old, next: stranger, clock, anchors: [anchor] })
    await appendOne(stranger)
    const forged = nextLogKeys(old)
    expect(await kinds([forged.verifier, old.verifier])).toContain('bad-signature proxy-1.2')
  })
})

test('key files change hands, and the old key stays known', async () => {
  const folder = path.join(dir, 'keys')
  const prepared = path.join(folder, 'next')
  await writeLogKeys(folder, old)
  await writeLogKeys(prepared, next)
  await adoptLogKeys(folder, prepared)
  // Killed before its last step, it is done again.
  await writeLogKeys(prepared, next)
  await adoptLogKeys(folder, prepared)
  const read = await loadLogKeys(folder)
  expect(read.verifier).toBe(next.verifier)
  expect(read.former).toEqual([old.verifier])
  expect(read.lookup.equals(old.lookup)).toBe(true)
})
