import {
  generateLogKeys,
  heartbeat,
  openAccessLog,
  startHeartbeats,
  verifyLog,
  type Anchor,
} from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId, silentDiagnostics, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { openIndependently } from '../notes/independent-note.ts'

const keys = generateLogKeys('gse.example/varco')
let store = memoryLogStore()
let clock = new ManualClock(1_795_500_000_000_000n)
/** Sees the top tree alone, as a witness would. */
let witness = memoryAnchor()
let names = 0

beforeEach(async () => {
  store = memoryLogStore()
  clock = new ManualClock(1_795_500_000_000_000n)
  witness = topOnly(memoryAnchor())
  for (const name of ['proxy-1', 'proxy-2']) {
    await using log = await openAccessLog({
      store,
      keys,
      clock,
      writer: asId<WriterId>(name),
      anchors: [witness],
    })
    await Promise.all(Array.from({ length: 10 }, () => log.append(eventDraft())))
  }
  await beat()
})

function topOnly(anchor: ReturnType<typeof memoryAnchor>): ReturnType<typeof memoryAnchor> {
  return {
    ...anchor,
    publish: async (note) => (note.startsWith(`${keys.origin}\n`) ? anchor.publish(note) : undefined),
  }
}

const beat = (anchors: readonly Anchor[] = [witness]): Promise<void> =>
  heartbeat({ store, reading: store, keys, clock, anchors, newRequestId: () => `beat-${names++}` })

const kinds = async (): Promise<string[]> => {
  const { findings } = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [witness] })
  return findings.map(({ kind, writer }) => `${kind} ${writer}`)
}

describe('the top tree', () => {
  test('vouches for trees that no anchor has seen itself, up to the last heartbeat', async () => {
    expect(await kinds()).toEqual([])
    await using log = await openAccessLog({ store, keys, clock, writer: asId<WriterId>('proxy-1') })
    await log.append(eventDraft())
    const { trees } = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [witness] })
    expect(trees.find(({ writer }) => writer === 'proxy-1')).toMatchObject({ size: 13, witnessed: 11 })
  })

  test('has the log’s bare name, for witnesses', async () => {
    const note = (await witness.latest('gse.example/varco')) ?? ''
    expect(openIndependently(note, keys.verifier)).toMatchObject({ origin: 'gse.example/varco', size: 3n })
  })

  test('misses a writer that was dropped with everything it had', async () => {
    store.trees.splice(
      store.trees.findIndex(({ writer }) => writer === 'proxy-2'),
      1,
    )
    expect(await kinds()).toEqual(['tree-missing proxy-2'])
  })

  test('misses one dropped before its first heartbeat, too', async () => {
    await using log = await openAccessLog({
      store,
      keys,
      clock,
      writer: asId<WriterId>('proxy-3'),
      anchors: [witness],
    })
    await log.append(eventDraft())
    store.trees.splice(
      store.trees.findIndex(({ writer }) => writer === 'proxy-3'),
      1,
    )
    expect(await kinds()).toEqual(['tree-missing proxy-3'])
  })

  test('knows trees that were rolled back', async () => {
    const index = store.trees.findIndex(({ writer }) => writer === 'proxy-1')
    const backup = structuredClone(store.trees[index])
    await using log = await openAccessLog({ store, keys, clock, writer: asId<WriterId>('proxy-1') })
    await log.append(eventDraft())
    await beat()
    if (backup !== undefined) store.trees[index] = backup
    expect(await kinds()).toEqual(['behind-anchor proxy-1'])
  })

  test('knows trees that it never registered', async () => {
    const other = memoryLogStore()
    await using log = await openAccessLog({ store: other, keys, clock, writer: asId<WriterId>('stranger') })
    await log.append(eventDraft())
    store.trees.push(...other.trees.filter(({ writer }) => writer === 'stranger'))
    expect(await kinds()).toEqual(['unregistered stranger', 'unanchored stranger'])
  })

  test('cannot be dropped itself, for the witness knows it', async () => {
    store.trees.splice(
      store.trees.findIndex(({ writer }) => writer === 'top'),
      1,
    )
    expect(await kinds()).toEqual([
      'tree-missing top',
      'unregistered proxy-1',
      'unanchored proxy-1',
      'unregistered proxy-2',
      'unanchored proxy-2',
    ])
  })
})

test('an anchor that is away does not keep the others from the heartbeat, and is heard of', async () => {
  const broken: Anchor = {
    name: 'broken',
    publish: () => Promise.reject(new Error('away')),
    latest: async () => null,
  }
  const before = witness.notes.length
  await expect(beat([broken, witness])).rejects.toThrow('away')
  expect(witness.notes.length).toBe(before + 1)
})

test('heartbeats of several processes stand side by side', async () => {
  await Promise.all(Array.from({ length: 8 }, () => beat()))
  expect(await kinds()).toEqual([])
})

test('heartbeats come at once, and end with their process', async () => {
  const before = witness.notes.length
  const beats = startHeartbeats({
    ...{ store, reading: store, keys, clock, anchors: [witness], everyMs: 1, diagnostics: silentDiagnostics },
    newRequestId: () => `beat-${names++}`,
  })
  while (witness.notes.length < before + 3) await new Promise((resolve) => setTimeout(resolve, 1))
  await beats[Symbol.asyncDispose]()
  const after = witness.notes.length
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(witness.notes.length).toBe(after)
})
