import {
  generateLogKeys,
  heartbeat,
  openAccessLog,
  verifyLog,
  type Anchor,
  type LogVerdict,
  type VerifyOptions,
} from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore, type MemoryTree } from '@varco/access-log/testing'
import { asId, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { GrowingFrontier, frontierRoot } from '../../src/merkle/frontier.ts'
import { hashesToBytes, hashToBase64, leafHash, plainHash } from '../../src/merkle/hash.ts'
import { checkpointText } from '../../src/notes/checkpoint.ts'
import { signNote } from '../../src/notes/signed-note.ts'

const keys = generateLogKeys('gse.example/varco')
let store = memoryLogStore()
let anchor = memoryAnchor()

beforeEach(async () => {
  store = memoryLogStore()
  anchor = memoryAnchor()
  const clock = new ManualClock(1_795_500_000_000_000n)
  await using log = await openAccessLog({
    store,
    keys,
    clock,
    writer: asId<WriterId>('proxy-1'),
    anchors: [anchor],
  })
  for (let batch = 0; batch < 3; batch++)
    await Promise.all(Array.from({ length: 10 }, () => log.append(eventDraft())))
})

const verified = (options: Partial<VerifyOptions> = {}): Promise<LogVerdict> =>
  verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor], ...options })

const kinds = async (): Promise<string[]> =>
  (await verified()).findings.map(({ kind, seq }) => `${kind} ${seq}`)

function theTree(): MemoryTree {
  const tree = store.trees.find(({ writer }) => writer === 'proxy-1')
  if (tree === undefined) throw new Error('no tree')
  return tree
}

/** Changes an event, and then everything in the database that follows from it, as its owner can. */
function rewrite(tree: MemoryTree, seq: number, sign: (text: string) => string): void {
  const changed = tree.events.map((event) =>
    event.seq === seq
      ? { ...event, body: event.body.replace('"deny"', '"permit"').replace('ws-12', 'ws-13') }
      : event,
  )
  const frontier = new GrowingFrontier()
  const events: typeof changed = []
  const checkpoints: typeof tree.checkpoints = []
  let leaves: ReturnType<typeof leafHash>[] = []
  let previous: string | null = null
  for (const event of changed) {
    const link = /"previous":"[^"]+"/
    const body: string =
      previous !== null && link.test(event.body)
        ? event.body.replace(link, `"previous":"${previous}"`)
        : event.body
    events.push({ ...event, body })
    leaves.push(leafHash(body))
    frontier.append(leafHash(body))
    const checkpoint = tree.checkpoints.find(({ size }) => size === frontier.size)
    if (checkpoint === undefined) continue
    const note = sign(
      checkpointText({
        origin: 'gse.example/varco/proxy-1/1',
        size: frontier.size,
        root: frontierRoot(frontier),
      }),
    )
    checkpoints.push({ ...checkpoint, note, leaves: hashesToBytes(leaves) })
    previous = hashToBase64(plainHash(note))
    leaves = []
  }
  tree.events = events
  tree.checkpoints = checkpoints
  tree.head = { ...tree.head, ...frontier.snapshot() }
}

test('a sound log is sound, and says how large it is', async () => {
  const seen: number[] = []
  const verdict = await verified({ onProgress: ({ events }) => seen.push(events) })
  expect(verdict).toMatchObject({
    ok: true,
    events: 32,
    disclosures: 60,
    trees: [
      { writer: 'proxy-1', epoch: 1, size: 31, witnessed: 31 },
      { writer: 'top', size: 1, witnessed: 1 },
    ],
  })
  expect(seen.at(-1)).toBe(32)
})

test('an empty log is sound, unless someone remembers more', async () => {
  store.trees.splice(0)
  expect(await kinds()).toEqual(['tree-missing null'])
  anchor.notes.splice(0)
  expect(await verified()).toMatchObject({ ok: true, events: 0 })
})

test('events of a time to come are told, and how far ahead the tree is', async () => {
  const clock = new ManualClock(1_795_500_000_000_000n)
  await using log = await openAccessLog({
    ...{ store, keys, clock, writer: asId<WriterId>('proxy-1'), anchors: [anchor] },
  })
  clock.advance(3_600_000_000n)
  await log.append(eventDraft())
  expect(log.metrics().aheadMs).toBe(0)
  clock.advance(-3_500_000_000n)
  expect(log.metrics().aheadMs).toBe(3_500_000)
  const findings = async (): Promise<readonly string[]> =>
    (await verified({ now: clock.now() })).findings.map(({ kind, writer }) => `${kind} ${writer}`)
  expect(await findings()).toEqual(['ahead-of-clock proxy-1'])
  clock.advance(3_440_000_000n)
  expect(await findings()).toEqual([])
  // No date at all is no reason to stop.
  theTree().head = { ...theTree().head, at: 9_000_000_000_000_000_000n }
  expect(await findings()).toContain('ahead-of-clock proxy-1')
})

test('a log of updates verifies, with filters and without', async () => {
  const changes = [{ field: 'status', record: 0, before: '"open"', after: '"paid"' }]
  await using log = await openAccessLog({
    ...{ store, keys, clock: new ManualClock(1_795_500_000_000_000n), writer: asId<WriterId>('proxy-1') },
    anchors: [anchor],
  })
  await log.append(eventDraft({ action: 'update', changes, filters: [] }))
  await log.append(eventDraft({ action: 'update', changes }))
  expect(await kinds()).toEqual([])
})

describe('a log that goes on while it is verified', () => {
  const clock = new ManualClock(1_795_500_100_000_000n)
  const beat = (): Promise<void> =>
    heartbeat({ store, reading: store, keys, clock, anchors: [anchor], newRequestId: () => 'R-1' })

  test('is not taken for one that lost what an anchor learnt after the moment that is verified', async () => {
    await beat()
    const going: typeof store = {
      ...store,
      atOneMoment: (read) =>
        store.atOneMoment(async (frozen) => {
          await beat()
          return read(frozen)
        }),
    }
    const verdict = await verifyLog({ store: going, verifierKeys: [keys.verifier], anchors: [anchor] })
    expect(verdict.findings).toEqual([])
  })

  test('and a tree that begins while the anchors are asked is held against them too', async () => {
    let begun = false
    const asked: Anchor = {
      ...anchor,
      latest: async (origin) => {
        if (!begun) {
          begun = true
          const writer = asId<WriterId>('proxy-2')
          await using log = await openAccessLog({ store, keys, clock, writer, anchors: [anchor] })
          await log.append(eventDraft())
        }
        return anchor.latest(origin)
      },
    }
    const verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [asked] })
    expect(verdict).toMatchObject({ ok: true, findings: [] })
    expect(verdict.trees.find(({ writer }) => writer === 'proxy-2')).toMatchObject({ size: 2, witnessed: 2 })
  })
})

describe('the tree recomputed by whoever owns the database', () => {
  test('without a key: the signatures are not the log’s', async () => {
    const stranger = generateLogKeys('gse.example/varco')
    rewrite(theTree(), 15, (text) => signNote(text, stranger.origin, stranger.signing))
    expect(await kinds()).toEqual(['bad-signature 31', 'forked 31'])
  })

  test('keeping the old checkpoints: the verdict says between which of them the change lies', async () => {
    const tree = theTree()
    const kept = new Map(tree.checkpoints.map(({ size, note }) => [size, note]))
    rewrite(tree, 15, (text) => kept.get(Number(text.split('\n')[1])) ?? '')
    expect(await kinds()).toEqual(['rewritten 11'])
  })

  test('with the stolen key: only an anchor outside knows, and does', async () => {
    rewrite(theTree(), 15, (text) => signNote(text, keys.origin, keys.signing))
    expect(await kinds()).toEqual(['forked 31'])
  })
})

test('a database restored from an older backup is behind its anchor', async () => {
  const tree = theTree()
  tree.events = tree.events.slice(0, 21)
  tree.sideRows = tree.sideRows.filter(({ seq }) => seq < 21)
  tree.checkpoints = tree.checkpoints.slice(0, 3)
  const frontier = new GrowingFrontier()
  for (const { body } of tree.events) frontier.append(leafHash(body))
  tree.head = { ...tree.head, ...frontier.snapshot(), at: tree.events.at(-1)?.at ?? 0n }
  expect(await kinds()).toEqual(['behind-anchor 21'])
})

test('an anchor’s checkpoint of a smaller tree is held against the tree as it was then', async () => {
  const [, second] = theTree().checkpoints
  const [top] = anchor.notes
  anchor.notes.splice(0, anchor.notes.length, top ?? '', second?.note ?? '')
  expect(await kinds()).toEqual([])
  const fork = checkpointText({
    origin: 'gse.example/varco/proxy-1/1',
    size: 11,
    root: leafHash('another history'),
  })
  anchor.notes.push(signNote(fork, keys.origin, keys.signing))
  expect(await kinds()).toEqual(['forked 11'])
})

describe('going on from an earlier verification', () => {
  const since = async (): Promise<LogVerdict['trees']> => (await verified()).trees
  const append = async (count: number): Promise<void> => {
    const clock = new ManualClock(1_795_600_000_000_000n)
    await using log = await openAccessLog({
      store,
      keys,
      clock,
      writer: asId<WriterId>('proxy-1'),
      anchors: [anchor],
    })
    await Promise.all(Array.from({ length: count }, () => log.append(eventDraft())))
  }
  const onwards = (trees: LogVerdict['trees']): Promise<LogVerdict> =>
    verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor], since: trees })

  test('looks through what is new alone, and comes to the same roots', async () => {
    const before = await since()
    expect(await onwards(before)).toMatchObject({ ok: true, events: 0 })
    await append(300)
    const verdict = await onwards(before)
    expect(verdict).toMatchObject({ ok: true, events: 301 })
    expect(verdict.trees).toEqual(await since())
  })

  test('finds what was changed since, and that the part before is another', async () => {
    const before = await since()
    await append(10)
    const tree = theTree()
    tree.events = tree.events.map((event) =>
      event.seq === 35 ? { ...event, body: event.body.replace('ws-12', 'ws-13') } : event,
    )
    expect((await onwards(before)).findings.map(({ kind, seq }) => `${kind} ${seq}`)).toEqual(['changed 35'])
  })

  test('finds a tree that has become shorter', async () => {
    await append(10)
    const before = await since()
    const tree = theTree()
    tree.head = { ...tree.head, size: 31 }
    expect((await onwards(before)).findings.map(({ kind }) => kind)).toContain('truncated')
  })

  test('does not go on from what is damaged', async () => {
    const [tree, ...others] = await since()
    if (tree === undefined) throw new Error('no tree')
    await expect(onwards([{ ...tree, size: tree.size + 1 }, ...others])).rejects.toThrow(
      'verify the whole log',
    )
  })
})

test('an anchor whose note was tampered with is a finding of its own', async () => {
  anchor.notes.push((anchor.notes.at(-1) ?? '').replace('\n31\n', '\n30\n'))
  expect(await kinds()).toContain('bad-anchor null')
})
