import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  adoptLogKeys,
  anchorsStanding,
  checkInclusion,
  generateLogKeys,
  heartbeat,
  loadLogKeys,
  nextLogKeys,
  openAccessLog,
  openAccessLogReader,
  pruneLog,
  rotateKeys,
  verifyLog,
  writeLogKeys,
  type EventDraft,
  type Head,
  type LogKeys,
  type LogStore,
  type LogVerdict,
  type UnlessHeld,
  type VerifiedTree,
} from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId, ConfigError, microsToIso, UnavailableError, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { actDraft } from '../../src/act-draft.ts'
import { epochClosed } from '../../src/keys/epoch-change.ts'
import { EMPTY_FRONTIER } from '../../src/merkle/frontier.ts'
import { plainHash } from '../../src/merkle/hash.ts'
import { noteSigner } from '../../src/notes/signed-note.ts'
import { prunedTreesJson } from '../../src/prune/prune-detail.ts'
import { treeOrigin } from '../../src/store/tree-origin.ts'
import { sealingOf } from '../../src/writer/append-once.ts'
import { sealEvent } from '../../src/writer/sealed-event.ts'
import { nextBatch } from '../../src/writer/tree-state.ts'

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

const DECEMBER = 1_796_083_200_000_000n
const MONTH = 30n * 86_400n * 1_000_000n

const notHeld: UnlessHeld = async (_, work) => {
  await work?.([])
  return true
}

/** What whoever has the database and a key can do, whatever the log's own code would say to it. */
async function appendToTree(keys: LogKeys, writer: string, draft: EventDraft, epoch = 1): Promise<void> {
  const tree = store.trees.find((one) => one.writer === writer && one.epoch === epoch)
  const checkpoint = tree?.checkpoints.at(-1)
  if (tree === undefined || checkpoint === undefined) throw new Error('no tree')
  const state = { head: tree.head, checkpointHash: plainHash(checkpoint.note) }
  const sign = noteSigner(keys.origin, keys.signing)
  const context = { treeOrigin: treeOrigin(keys.origin, tree.head), sign, now: clock.now() }
  const { batch } = nextBatch(state, [sealEvent(draft, sealingOf(keys, tree.head))], context)
  expect(await store.commit(batch)).toBe('committed')
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

  test('done again it changes nothing', async () => {
    await rotate()
    const sizes = (await store.heads()).map(({ size }) => size)
    await rotate()
    expect((await store.heads()).map(({ size }) => size)).toEqual(sizes)
  })

  test('killed behind any of its commits, with a writer back already, it is finished by running it again', async () => {
    const whole = structuredClone(store.trees)
    for (let commits = 0; ; commits++) {
      store.trees.splice(0, Infinity, ...structuredClone(whole))
      anchor = memoryAnchor()
      let left = commits
      const dying: LogStore = {
        ...store,
        commit: async (batch) => {
          if (left-- === 0) throw new Error('killed')
          return store.commit(batch)
        },
      }
      const killed = await rotateKeys({
        ...{ store: dying, reading: store, keys: old, next, clock, anchors: [anchor] },
      }).then(
        () => false,
        () => true,
      )
      const isBack = await appendOne(next).then(
        () => true,
        () => false,
      )
      await rotate()
      expect(await appendOne(next)).toBe(isBack ? 'proxy-1.2.4' : 'proxy-1.2.2')
      expect(await appendOne(next, 'console-1')).toBe('console-1.2.2')
      expect(await kinds()).toEqual([])
      if (!killed) return
      expect(commits).toBeLessThan(9)
    }
  })

  test('a tree that stands still goes through the next change too, and through two in a row', async () => {
    await rotate()
    const third = nextLogKeys(next)
    await rotateKeys({ store, reading: store, keys: next, next: third, clock, anchors: [anchor] })
    expect(await appendOne(third, 'console-1')).toBe('console-1.3.2')
    const fourth = nextLogKeys(third)
    await rotateKeys({ store, reading: store, keys: third, next: fourth, clock, anchors: [anchor] })
    expect(await appendOne(fourth)).toBe('proxy-1.4.2')
    expect(await kinds([fourth.verifier, ...fourth.former])).toEqual([])
  })

  test('a tree that was left closed, as changes of keys once did, is opened and closed by the next', async () => {
    for (const writer of ['proxy-1', 'console-1', 'top'])
      await appendToTree(old, writer, epochClosed(next.verifier))
    const third = nextLogKeys(next)
    await rotateKeys({ store, reading: store, keys: next, next: third, clock, anchors: [anchor] })
    expect(await appendOne(third)).toBe('proxy-1.3.2')
    expect(await kinds([third.verifier, ...third.former])).toEqual([])
  })

  describe('a tree that was left closed, whose end is not there any more', () => {
    const third = nextLogKeys(next)
    const again = (): Promise<void> =>
      rotateKeys({ store, reading: store, keys: next, next: third, clock, anchors: [anchor] })

    /** The trees as such a change of keys, and a month in which console-1 stood still, left them. */
    beforeEach(async () => {
      for (const writer of ['proxy-1', 'console-1', 'top'])
        await appendToTree(old, writer, epochClosed(next.verifier))
      clock.advance(MONTH)
      await appendOne(next)
    })

    const prune = async (heads: readonly Head[]): Promise<void> => {
      const detail = { before: microsToIso(DECEMBER), trees: prunedTreesJson(heads) }
      await appendToTree(next, 'top', actDraft('log-pruned', { requestId: 'prune', detail }), 2)
      await store.drop(DECEMBER, heads, [])
    }
    const ended = (): Head[] => store.trees.filter(({ epoch }) => epoch === 1).map(({ head }) => head)

    test('is opened and closed by the next change when it was pruned', async () => {
      await prune(ended())
      await again()
      expect(await appendOne(third, 'console-1')).toBe('console-1.3.2')
      expect(await kinds([third.verifier, ...third.former])).toEqual([])
    })

    test('is opened when its writer comes back', async () => {
      await prune(ended())
      expect(await appendOne(next, 'console-1')).toBe('console-1.2.2')
      expect(await kinds()).toEqual([])
    })

    test('is refused when it was pruned, and a key signed it that the log never had', async () => {
      await prune(ended())
      const stranger: LogKeys = { ...next, former: [] }
      await expect(open(stranger, 'console-1')).rejects.toThrow('written with another signing key')
    })

    test('is refused when no prune took it: somebody deleted it', async () => {
      await prune(ended().map((head) => ({ ...head, ...EMPTY_FRONTIER })))
      await expect(again()).rejects.toThrow('written with another signing key')
    })
  })

  test('a tree that is entered while it goes on is closed as well', async () => {
    let isLate = true
    const late: LogStore = {
      ...store,
      commit: async (batch) => {
        if (isLate && batch.writer === 'top') {
          isLate = false
          await appendOne(old, 'late')
        }
        return store.commit(batch)
      },
    }
    await rotateKeys({ store: late, reading: store, keys: old, next, clock, anchors: [anchor] })
    expect(await appendOne(next, 'late')).toBe('late.2.2')
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

describe('whoever owns the database cannot take a change of keys back', () => {
  const verify = (since: readonly VerifiedTree[] = [], anchors = [anchor]): Promise<LogVerdict> =>
    verifyLog({ store, verifierKeys: [next.verifier, ...next.former], anchors, since })
  const kindsSince = async (since: readonly VerifiedTree[] = [], anchors = [anchor]): Promise<string[]> =>
    (await verify(since, anchors)).findings.map(({ kind, writer, epoch }) => `${kind} ${writer}.${epoch}`)
  const dropFrom = (from: number): void => {
    const kept = store.trees.filter(({ epoch }) => epoch < from)
    store.trees.splice(0, Infinity, ...kept)
  }
  const GONE = ['tree-missing console-1.2', 'tree-missing proxy-1.2', 'tree-missing top.2']
  const ENDED = ['bad-epoch console-1.1', 'bad-epoch proxy-1.1', 'bad-epoch top.1']

  beforeEach(async () => {
    await rotate()
    await appendOne(next)
  })

  test('by dropping every tree of the newest epoch', async () => {
    const { ok, trees } = await verify()
    expect(ok).toBe(true)
    dropFrom(2)
    expect((await kindsSince()).toSorted()).toEqual([...ENDED, ...GONE])
    expect((await kindsSince(trees)).toSorted()).toEqual([...ENDED, ...GONE])
    const verifierKeys = [next.verifier, ...next.former]
    expect(await anchorsStanding({ store, anchors: [anchor], verifierKeys })).toMatchObject([
      { trouble: 'cut' },
    ])
  })

  test('nor with a witness that has seen the top tree alone', async () => {
    const witness = memoryAnchor()
    for (const note of anchor.notes)
      if (/^gse\.example\/varco(\/\d+)?\n/.test(note)) await witness.publish(note)
    dropFrom(2)
    const found = await kindsSince([], [witness])
    expect(found).toContain('tree-missing top.2')
    const verifierKeys = [next.verifier, ...next.former]
    expect(await anchorsStanding({ store, anchors: [witness], verifierKeys })).toMatchObject([
      { trouble: 'cut' },
    ])
  })

  test('nor where no anchor has seen the new epoch: the newest key signed nothing then', async () => {
    const early = memoryAnchor()
    for (const note of anchor.notes) if (!note.split('\n', 1)[0]?.endsWith('/2')) await early.publish(note)
    dropFrom(2)
    expect((await kindsSince([], [early])).toSorted()).toEqual(ENDED)
  })

  test('nor one by one: what an earlier verification knew is missed, whatever is known of it besides', async () => {
    const { trees } = await verify()
    store.trees.splice(0, Infinity)
    const [, ...found] = (await verify(trees, [memoryAnchor()])).findings.map(({ kind }) => kind)
    expect(found).toEqual(Array.from({ length: trees.length - 1 }, () => 'tree-missing'))
  })

  test('nor by dropping the newest two of three', async () => {
    const third = nextLogKeys(next)
    await rotateKeys({ store, reading: store, keys: next, next: third, clock, anchors: [anchor] })
    const unseen = memoryAnchor()
    // Of the second epoch the anchor has seen nothing.
    for (const note of anchor.notes) if (!note.split('\n', 1)[0]?.endsWith('/2')) await unseen.publish(note)
    dropFrom(2)
    const { findings } = await verifyLog({
      ...{ store, verifierKeys: [third.verifier, ...third.former], anchors: [unseen] },
    })
    expect(findings.map(({ kind, epoch }) => `${kind} ${epoch}`)).toContain('tree-missing 3')
  })

  test('by going on with the former key behind the end of the epoch', async () => {
    const { trees } = await verify()
    await appendToTree(old, 'proxy-1', eventDraft(), 1)
    expect(await kindsSince()).toContain('bad-epoch proxy-1.1')
    expect(await kindsSince(trees)).toContain('bad-epoch proxy-1.1')
    // Ended once more, it still says where it had ended before.
    await appendToTree(old, 'proxy-1', epochClosed(next.verifier), 1)
    expect(await kindsSince()).toContain('bad-epoch proxy-1.1')
    expect(await kindsSince(trees)).toContain('bad-epoch proxy-1.1')
  })

  test('nor where the end and the beginning behind it were pruned', async () => {
    clock.advance(MONTH)
    await appendOne(next)
    await pruneLog({
      ...{ store, reading: store, pruning: store, keys: next, clock, anchors: [anchor] },
      ...{ before: DECEMBER, unlessHeld: notHeld, rule: 'P1M', approver: 'DPO-1', operator: 'ADM-1' },
      ...{ newRequestId: () => 'prune', verifierKeys: [next.verifier, ...next.former] },
    })
    expect(await kindsSince()).toEqual([])
    const { trees } = await verify()
    await appendToTree(old, 'proxy-1', eventDraft(), 1)
    await appendToTree(old, 'proxy-1', epochClosed(next.verifier), 1)
    expect(await kindsSince()).toContain('bad-epoch proxy-1.2')
    expect(await kindsSince(trees)).toContain('bad-epoch proxy-1.2')
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
