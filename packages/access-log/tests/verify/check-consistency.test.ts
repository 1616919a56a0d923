import {
  checkConsistency,
  generateLogKeys,
  openAccessLog,
  proveConsistency,
  type ConsistencyProof,
} from '@varco/access-log'
import { eventDraft, memoryLogStore } from '@varco/access-log/testing'
import { asId, systemClock, type WriterId } from '@varco/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { proof as consistencyOf } from '../merkle/naive-tree.ts'

const keys = generateLogKeys('gse.example/varco')
const store = memoryLogStore()

const checkpointAt = (size: number, writer = 'proxy-1'): string =>
  store.trees.find((tree) => tree.writer === writer)?.checkpoints.find((one) => one.size === size)?.note ?? ''

beforeAll(async () => {
  for (const writer of ['proxy-1', 'proxy-2']) {
    await using log = await openAccessLog({
      ...{ store, keys, clock: systemClock, writer: asId<WriterId>(writer) },
    })
    for (const events of [2, 4, 300, 1])
      await Promise.all(Array.from({ length: events }, () => log.append(eventDraft())))
  }
})

const proved = async (older: string): Promise<ConsistencyProof> => {
  const proof = await proveConsistency(store, older)
  if (proof === null) throw new Error('not proven')
  return proof
}

describe('that a tree only grew since a checkpoint', () => {
  test.each([1, 3, 7, 307, 308])('of size %i convinces whoever has the public key', async (size) => {
    const proof = await proved(checkpointAt(size))
    expect(checkConsistency(proof, keys.verifier)).toEqual({ ok: true, from: size, to: 308 })
  })

  test('is the proof of RFC 6962’s definition', async () => {
    const tree = store.trees.find(({ writer }) => writer === 'proxy-1')
    const entries = (tree?.events ?? []).map(({ body }) => Buffer.from(body))
    const { path } = await proved(checkpointAt(7))
    expect(path).toEqual(consistencyOf(7, entries).map((hash) => hash.toString('base64')))
  })

  test('cannot be proven of a tree that is shorter, of none, or of what is no checkpoint', async () => {
    const older = checkpointAt(308)
    const cut = memoryLogStore()
    cut.trees.push(...structuredClone(store.trees))
    const tree = cut.trees.find(({ writer }) => writer === 'proxy-1')
    if (tree === undefined) throw new Error('no tree')
    tree.head = { ...tree.head, size: 307 }
    expect(await proveConsistency(cut, older)).toBeNull()
    expect(await proveConsistency(memoryLogStore(), older)).toBeNull()
    expect(await proveConsistency(store, 'x')).toBeNull()
  })

  test('is not handed out by a log that became another', async () => {
    const other = generateLogKeys('gse.example/varco')
    const forked = memoryLogStore()
    await using log = await openAccessLog({
      ...{ store: forked, keys: other, clock: systemClock, writer: asId<WriterId>('proxy-1') },
    })
    for (const events of [2, 4])
      await Promise.all(Array.from({ length: events }, () => log.append(eventDraft())))
    await expect(proveConsistency(forked, checkpointAt(3))).rejects.toMatchObject({ code: 'invariant' })
  })

  test('nothing else convinces', async () => {
    const proof = await proved(checkpointAt(7))
    const reason = (changes: Partial<ConsistencyProof>, key = keys.verifier): string => {
      const verdict = checkConsistency({ ...proof, ...changes }, key)
      return verdict.ok ? 'ok' : verdict.reason
    }
    expect(reason({}, 'no key')).toBe('bad-key')
    expect(reason({}, generateLogKeys('gse.example/varco').verifier)).toBe('bad-signature')
    expect(reason({ older: proof.older.replace('\n7\n', '\n6\n') })).toBe('bad-signature')
    expect(reason({ older: checkpointAt(3) })).toBe('not-continued')
    expect(reason({ older: checkpointAt(7, 'proxy-2') })).toBe('other-tree')
    expect(reason({ newer: checkpointAt(307) })).toBe('not-continued')
    expect(reason({ older: proof.newer, newer: proof.older })).toBe('not-continued')
    expect(reason({ path: [] })).toBe('not-continued')
    expect(reason({ path: ['x', ...proof.path.slice(1)] })).toBe('bad-proof')
    expect(reason({ path: [...proof.path].reverse() })).toBe('not-continued')
  })
})
