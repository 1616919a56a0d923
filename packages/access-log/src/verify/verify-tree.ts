import type { ErasedRow } from '../erase/erasure-detail.ts'
import { frontierRoot, GrowingFrontier, type Frontier, type TreeNode } from '../merkle/frontier.ts'
import { closingKey } from '../keys/epoch-change.ts'
import { hashesToBytes, leafHashOfPrefixed, type Hash } from '../merkle/hash.ts'
import { openCheckpoint, type Checkpoint } from '../notes/checkpoint.ts'
import type { NoteVerifier } from '../notes/note-key.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { Head, TreeId } from '../store/log-store.ts'
import { treeOrigin } from '../store/tree-origin.ts'
import type { Finding, FindingKind } from './finding.ts'
import type { KnownCheckpoint } from './known-checkpoint.ts'
import type { Scanner, ScanReport, ScanTask, SideRowGap } from './scan-report.ts'

export interface TreeCheck {
  readonly store: LogReadStore
  readonly scanner: Scanner
  readonly origin: string
  readonly verifiers: readonly NoteVerifier[]
  readonly head: Head
  /** Where to begin: nothing, what a recorded prune left, or what was verified before. */
  readonly start: Frontier
  /** Whether rows before `start` must be gone: after a prune, not on an incremental verification. */
  readonly pruned: boolean
  /** What is known of this tree from elsewhere. */
  readonly known: readonly KnownCheckpoint[]
  /** About how many events one piece has. */
  readonly pieceEvents: number
  readonly onProgress: (events: number) => void
}

export interface TreeVerdict {
  readonly tree: TreeId
  /** Index of the first event that was there to verify. */
  readonly start: number
  readonly events: number
  readonly sideRows: number
  /** Largest size that something outside the database vouches for. */
  readonly witnessed: number
  /** State of the tree as recomputed from the events. */
  readonly frontier: Frontier
  readonly findings: readonly Finding[]
  readonly gaps: readonly SideRowGap[]
  readonly erased: readonly ErasedRow[]
}

/** Recomputes one tree from its events and holds everything the database says of it against the result. */
export async function verifyTree(check: TreeCheck): Promise<TreeVerdict> {
  const { head, start, known } = check
  const findings: Finding[] = []
  const find = (kind: FindingKind, seq: number | null, text: string): void => {
    findings.push({ kind, writer: head.writer, epoch: head.epoch, seq, text })
  }

  if (start.size > head.size) {
    find(
      'truncated',
      head.size,
      `the tree had ${start.size} events when it was verified before, and has ${head.size}`,
    )
    const tree = { writer: head.writer, epoch: head.epoch }
    return {
      tree,
      start: start.size,
      events: 0,
      sideRows: 0,
      frontier: start,
      witnessed: 0,
      findings,
      gaps: [],
      erased: [],
    }
  }

  const last = head.size > start.size ? await check.store.find(head, start.size - 1) : null
  if (last !== null && closingKey(last.body) !== null)
    find('bad-epoch', start.size, 'an event stands behind the one that ended the epoch')

  const stops = known.filter(({ size }) => size >= start.size && size <= head.size).map(({ size }) => size)
  const tasks = await pieces(check, stops)
  const reports = await Promise.all(
    tasks.map(async (task) => {
      const report = await check.scanner.scan(task)
      check.onProgress(report.events)
      return report
    }),
  )

  const tree = new GrowingFrontier(start)
  const tiles: TreeNode[] = []
  const keepTile = (node: TreeNode): void => {
    if (node.level % 8 === 0) tiles.push(node)
  }
  const roots = new Map<number, Hash>()
  for (const report of reports) {
    for (const stop of report.stops) roots.set(stop.size, frontierRoot(grown(tree, stop.nodes)))
    tiles.push(...report.tiles)
    for (const node of report.nodes) tree.appendSubtree(node.level, node.hash, keepTile)
    findings.push(...report.findings)
  }

  const root = frontierRoot(tree)
  const suspects = reports.flatMap((report) => report.suspects)
  const signed = await signedHead(check, find)
  const sound = signed !== null && signed.root === root
  if (sound || signed === null) {
    for (const seq of suspects)
      find('checkpoint-changed', seq, 'the checkpoint lists another leaf for this event')
  } else {
    for (const seq of suspects) find('changed', seq, 'the event was changed')
    if (findings.length === 0) findings.push(await locateRewrite(check))
  }
  if (sound) {
    if (!hashesToBytes(head.nodes).equals(hashesToBytes(tree.nodes))) {
      find('head-changed', null, "the head's frontier is not the tree's")
    }
    await checkTiles(check, tiles, find)
  }
  const lastAt = reports.at(-1)?.lastAt ?? 0
  if (lastAt > 0 && Number(head.at) !== lastAt)
    find('head-changed', null, "the head's time is not the last event's")

  for (const checkpoint of known) {
    if (checkpoint.size > head.size) {
      find(
        'behind-anchor',
        head.size,
        `${checkpoint.from} has seen ${checkpoint.size} events, the database has ${head.size}`,
      )
    } else if (checkpoint.size >= start.size) {
      // Of a tree that is damaged, and said to be above, it is what was signed that must not have been forked.
      const here =
        sound || signed === null ? roots.get(checkpoint.size) : await signedRoot(check, checkpoint.size)
      if (here !== undefined && here !== checkpoint.root) {
        find(
          'forked',
          checkpoint.size,
          `${checkpoint.from} has seen another tree of ${checkpoint.size} events`,
        )
      }
    }
  }
  return {
    tree: { writer: head.writer, epoch: head.epoch },
    start: start.size,
    events: sum(reports, (report) => report.events),
    sideRows: sum(reports, (report) => report.sideRows),
    frontier: tree.snapshot(),
    witnessed: Math.max(0, ...known.filter(({ witnessed }) => witnessed).map(({ size }) => size)),
    findings,
    gaps: reports.flatMap((report) => report.gaps),
    erased: reports.flatMap((report) => report.erased),
  }
}

function sum(reports: readonly ScanReport[], of: (report: ScanReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0)
}

function grown(from: Frontier, nodes: readonly TreeNode[]): Frontier {
  const tree = new GrowingFrontier(from)
  for (const { level, hash } of nodes) tree.appendSubtree(level, hash)
  return tree
}

/** Cuts a tree at checkpoints into pieces of about equal size. */
async function pieces(
  { store, origin, head, start, pruned, pieceEvents }: TreeCheck,
  stops: readonly number[],
): Promise<readonly ScanTask[]> {
  const cuts = [start.size]
  for (let at = start.size + pieceEvents; at < head.size; at += pieceEvents) {
    const size = (await store.checkpointsFrom(head, at, 1))[0]?.size ?? head.size
    if (size >= head.size) break
    if (size > (cuts.at(-1) ?? 0)) cuts.push(size)
  }
  const tree = { writer: head.writer, epoch: head.epoch }
  return cuts.map((from, i) => {
    const to = cuts[i + 1] ?? Math.max(head.size, from)
    const last = i === cuts.length - 1
    const within = stops.filter((size) => size >= from && (size < to || (last && size === to)))
    return { tree, origin, from, to, first: i === 0 && (start.size === 0 || pruned), last, stops: within }
  })
}

/** What the last checkpoint says, when its signature, origin and size are right. */
async function signedHead(
  { store, origin, head, verifiers }: TreeCheck,
  find: (kind: FindingKind, seq: number | null, text: string) => void,
): Promise<Checkpoint | null> {
  const stored = await store.checkpoint(head, head.size)
  if (stored === null) {
    find('checkpoint-missing', head.size, 'the last checkpoint is missing')
    return null
  }
  const checkpoint = openCheckpoint(stored.note, verifiers)
  if (checkpoint === null) {
    find('bad-signature', head.size, 'the last checkpoint is not signed by a known key')
    return null
  }
  if (checkpoint.origin !== treeOrigin(origin, head) || checkpoint.size !== head.size) {
    find('checkpoint-changed', head.size, 'the last checkpoint is of another tree or size')
    return null
  }
  return checkpoint
}

/** The root that the log signed at a size; `undefined` when there is none. */
async function signedRoot({ store, head, verifiers }: TreeCheck, size: number): Promise<Hash | undefined> {
  const stored = await store.checkpoint(head, size)
  return stored === null ? undefined : openCheckpoint(stored.note, verifiers)?.root
}

/**
 * The root is wrong although every row fits every other: the tree was rewritten by someone without the signing key.
 * The first checkpoint that does not hold tells where.
 */
async function locateRewrite({ store, origin, head, start, verifiers }: TreeCheck): Promise<Finding> {
  const tree = new GrowingFrontier(start)
  const range = { from: start.size + 1, to: head.size + 1 }
  const checkpoints = store.walkCheckpoints(head, range)[Symbol.asyncIterator]()
  const pending: { size: number; note: string }[] = []
  let sound = start.size
  for await (const rows of store.walkEvents(head, { from: start.size, to: head.size })) {
    for (const { leaf } of rows) {
      tree.append(leafHashOfPrefixed(leaf))
      while (pending.length === 0) {
        const { value, done } = await checkpoints.next()
        if (done === true) break
        pending.push(...value)
      }
      const next = pending[0]
      if (next === undefined || next.size !== tree.size) continue
      pending.shift()
      const checkpoint = openCheckpoint(next.note, verifiers)
      const holds = checkpoint?.root === frontierRoot(tree) && checkpoint.origin === treeOrigin(origin, head)
      if (!holds)
        return rewritten(
          head,
          sound,
          `the events from here to ${next.size - 1} are not those that were signed`,
        )
      sound = next.size
    }
  }
  return rewritten(head, sound, 'the events from here are not those that were signed')
}

function rewritten({ writer, epoch }: TreeId, seq: number, text: string): Finding {
  return { kind: 'rewritten', writer, epoch, seq, text }
}

/** Holds the kept subtree hashes against the recomputed ones. Those of a pruned range must add up to its frontier. */
async function checkTiles(
  { store, head, start }: TreeCheck,
  computed: readonly TreeNode[],
  find: (kind: FindingKind, seq: number | null, text: string) => void,
): Promise<void> {
  const expected = new Map(computed.map(({ level, index, hash }) => [`${level}.${index}`, hash]))
  const before = new GrowingFrontier()
  for await (const rows of store.walkTiles(head)) {
    for (const { level, index, hash } of rows) {
      const key = `${level}.${index}`
      const seq = index * 2 ** level
      const known = expected.get(key)
      if (known !== undefined) {
        if (known !== hash) find('tile-changed', seq, `the kept hash of the subtree ${key} was changed`)
        expected.delete(key)
      } else if (level === 8 && index * 256 === before.size && before.size + 256 <= start.size) {
        before.appendSubtree(level, hash)
      } else if ((index + 1) * 2 ** level > start.size) {
        find('tile-inserted', seq, `the tree has no subtree ${key} to keep`)
      }
    }
  }
  for (const key of expected.keys())
    find('tile-missing', null, `the kept hash of the subtree ${key} is missing`)
  if (before.nodes.some((node, i) => node !== start.nodes[i]) || start.size - before.size >= 256) {
    find('tile-changed', 0, 'the kept hashes of the pruned part are not those it had')
  }
}
