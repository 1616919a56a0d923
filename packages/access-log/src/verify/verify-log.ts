import { InvariantError, type Micros } from '@varco/core'
import type { Anchor } from '../anchors/anchor.ts'
import { treesAsked } from '../anchors/trees-asked.ts'
import { MOST_CLOCK_LEAD } from '../clock-lead.ts'
import type { ErasedRow } from '../erase/erasure-detail.ts'
import { EMPTY_FRONTIER, frontierLength, frontierRoot, type Frontier } from '../merkle/frontier.ts'
import { hashFromBase64, hashToBase64, type Hash } from '../merkle/hash.ts'
import { openCheckpoint } from '../notes/checkpoint.ts'
import { parseVerifier, type NoteVerifier } from '../notes/note-key.ts'
import { lastPrunedTrees } from '../prune/kept-frontier.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { Head, TreeId } from '../store/log-store.ts'
import { sideRowsRoot } from '../store/side-row.ts'
import { treeKey } from '../store/tree-key.ts'
import { TOP_WRITER, treeOrigin } from '../store/tree-origin.ts'
import { topKnowledge } from '../top/top-knowledge.ts'
import { checkEpochs } from './check-epochs.ts'
import type { Finding } from './finding.ts'
import { scanRange } from './scan-range.ts'
import type { Scanner, ScanReport, SideRowGap } from './scan-report.ts'
import type { KnownCheckpoint } from './known-checkpoint.ts'
import { verifyTree, type TreeVerdict } from './verify-tree.ts'

export interface VerifyOptions {
  readonly store: LogReadStore
  /** C2SP verifier key texts: the log's present key first, then those it had before. */
  readonly verifierKeys: readonly string[]
  /** What remembers checkpoints outside the database. Without one nothing is proven, and verification fails. */
  readonly anchors: readonly Anchor[]
  /** Makes what looks through the pieces of the trees, several at a time; one at a time in this thread when absent. */
  readonly scanner?: (store: LogReadStore) => Scanner
  /** What an earlier verification found, kept outside the database: only what came after it is looked through. */
  readonly since?: readonly VerifiedTree[]
  /** The time it is: trees whose events are of a time to come are told. */
  readonly now?: Micros
  /** About how many events of a tree are looked through at a time, by one thread. */
  readonly pieceEvents?: number
  readonly onProgress?: (progress: { readonly events: number; readonly of: number }) => void
}

export interface VerifiedTree extends TreeId {
  readonly size: number
  /** As recomputed from the events, base64. */
  readonly root: string
  /** Hashes of its complete subtrees, base64: all that the next verification needs to go on from here. */
  readonly frontier: readonly string[]
  /** How many of its events something outside the database vouches for; behind it, the end could be cut off unseen. */
  readonly witnessed: number
}

/** The outcome: `ok` only if there is nothing to find. */
export interface LogVerdict {
  readonly ok: boolean
  readonly events: number
  readonly disclosures: number
  readonly trees: readonly VerifiedTree[]
  readonly findings: readonly Finding[]
}

/**
 * Verifies the whole log from its tables: every event, side row, checkpoint and head is recomputed or accounted for, and
 * the result is held against the checkpoints the anchors remember. What cannot be checked, for want of a key or an anchor,
 * is a finding, never skipped.
 */
export async function verifyLog(options: VerifyOptions): Promise<LogVerdict> {
  for (let attempt = 1; ; attempt++) {
    const memory = await askAnchors(options)
    const verdict = await options.store.atOneMoment(async (store) => {
      const isComplete = (await store.heads()).every((head) => memory.has(treeKey(head)))
      return isComplete || attempt === ATTEMPTS ? verifyFrozen({ ...options, store }, memory) : null
    })
    if (verdict !== null) return verdict
  }
}

/** A tree that begins while anchors are asked needs another round; so many in a row are no coincidence. */
const ATTEMPTS = 5

/** What one anchor remembers of one tree. */
interface Memory {
  readonly anchor: Anchor
  readonly note: string
}

/** By tree; a tree that anchors were asked about and know nothing of has an empty list. */
type AnchorMemory = ReadonlyMap<string, TreeMemory>

interface TreeMemory {
  readonly tree: TreeId
  readonly found: readonly Memory[]
}

/**
 * Asks every anchor about every tree, and about those that may have been taken away.
 * INVARIANT: before the moment that is verified. A checkpoint is published after its commit, so what an anchor knew by
 * then the database must hold; what it learns later is newer than the moment.
 */
async function askAnchors({ store, anchors, verifierKeys }: VerifyOptions): Promise<AnchorMemory> {
  const origin = verifierKeys.map(parseVerifier).find((verifier) => verifier !== null)?.name ?? ''
  const memory = new Map<string, TreeMemory>()
  for (const tree of treesAsked(await store.heads(), verifierKeys.length)) {
    const found: Memory[] = []
    for (const anchor of anchors) {
      const note = await anchor.latest(treeOrigin(origin, tree))
      if (note !== null) found.push({ anchor, note })
    }
    memory.set(treeKey(tree), { tree, found })
  }
  return memory
}

/** Small enough to spread over threads, large enough to be worth the questions it takes. */
const PIECE_EVENTS = 32_768

async function verifyFrozen(options: VerifyOptions, memory: AnchorMemory): Promise<LogVerdict> {
  const { store, anchors } = options
  const findings: Finding[] = []
  const find = (
    kind: Finding['kind'],
    text: string,
    tree: TreeId | null = null,
    seq: number | null = null,
  ): void => {
    findings.push({ kind, writer: tree?.writer ?? null, epoch: tree?.epoch ?? null, seq, text })
  }

  const verifiers = options.verifierKeys.map(parseVerifier).filter((verifier) => verifier !== null)
  const [first] = verifiers
  if (first === undefined || verifiers.length < options.verifierKeys.length) {
    find(
      'no-key',
      first === undefined ? 'no public key of the log was given' : 'a public key is not readable',
    )
  }
  if (anchors.length === 0)
    find('no-anchor', 'no anchor was given: nothing outside the database vouches for the log')
  if (first === undefined) return verdictOf([], findings)

  const heads = await store.heads()
  for (const tree of await store.treesWithRows()) {
    if (!heads.some((head) => isSameTree(head, tree)))
      find('head-missing', 'the tree has rows but no head', tree)
  }

  for (const [i, head] of heads.entries()) {
    if (heads.findIndex((other) => isSameTree(other, head)) < i)
      find('head-changed', 'the tree has a second head', head)
  }

  await using scanner = options.scanner?.(store) ?? scannerHere(store)
  const total = heads.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  const onProgress = (events: number): void => {
    done += events
    options.onProgress?.({ events: done, of: total })
  }
  const anchored = new Map<Head, readonly KnownCheckpoint[]>()
  for (const head of heads)
    anchored.set(head, knownOf(head, memory.get(treeKey(head))?.found ?? [], verifiers, find))
  missAnchors(heads, anchors, memory, find)
  const top = await topKnowledge(store, heads, anchored)
  const pruned = await lastPrunedTrees(store)
  const since = (options.since ?? []).map(verifiedBefore)
  const startOf = (tree: TreeId): Frontier => {
    const cut = pruned.find((one) => isSameTree(one, tree)) ?? EMPTY_FRONTIER
    const known = since.find((one) => isSameTree(one, tree)) ?? EMPTY_FRONTIER
    return known.size > cut.size ? known : cut
  }
  const missed = [
    ...since.map((tree) => ({ tree, text: 'the tree was there when it was verified before' })),
    ...[...top.trees, ...pruned].map((tree) => ({ tree, text: 'the tree was registered and is not there' })),
    ...remembered(memory),
  ].filter(({ tree }) => !heads.some((head) => isSameTree(head, tree)))
  for (const { tree, text } of new Map(missed.map((one) => [treeKey(one.tree), one])).values())
    find('tree-missing', text, tree)
  const verdicts = await Promise.all(
    heads.map((head) => {
      const known = [...(anchored.get(head) ?? []), ...top.of(head)]
      const isTop = head.writer === TOP_WRITER
      if (!isTop && ![...top.trees, ...pruned].some((tree) => isSameTree(head, tree)))
        find('unregistered', 'the tree was never registered', head)
      if (anchors.length > 0 && !known.some(({ witnessed }) => witnessed)) {
        find('unanchored', 'no anchor has ever seen this tree', head)
      }
      if (options.now !== undefined && head.at > options.now + MOST_CLOCK_LEAD)
        find('ahead-of-clock', 'the last event is of a time to come', head)
      const start = startOf(head)
      const isCut = start.size > 0 && !since.includes(start as VerifiedBefore)
      return verifyTree({
        store,
        origin: first.name,
        verifiers,
        head,
        start,
        pruned: isCut,
        known,
        scanner,
        pieceEvents: options.pieceEvents ?? PIECE_EVENTS,
        onProgress,
      })
    }),
  )
  findings.push(
    ...verdicts.flatMap((verdict) => verdict.findings),
    ...reconcileErasures(verdicts, startOf),
    ...(await checkEpochs(store, verdicts, verifiers)),
  )
  return verdictOf(verdicts, findings)
}

type VerifiedBefore = TreeId & Frontier

/** @throws InvariantError when what was kept is damaged: it must not be gone on from */
function verifiedBefore({ writer, epoch, size, root, frontier }: VerifiedTree): VerifiedBefore {
  const nodes = frontier.map(hashFromBase64).filter((node) => node !== null)
  if (nodes.length !== frontierLength(size) || hashToBase64(frontierRoot({ size, nodes })) !== root) {
    throw new InvariantError('what was verified before is not readable; verify the whole log')
  }
  return { writer, epoch, size, nodes }
}

/** One piece after the other, in this thread. */
function scannerHere(store: LogReadStore): Scanner {
  let last: Promise<ScanReport | null> = Promise.resolve(null)
  return {
    scan: (task) => {
      const next = last.then(() => scanRange(store, task))
      last = next.catch(() => null)
      return next
    },
    [Symbol.asyncDispose]: async () => {
      await last
    },
  }
}

function verdictOf(verdicts: readonly TreeVerdict[], findings: readonly Finding[]): LogVerdict {
  return {
    ok: findings.length === 0,
    events: verdicts.reduce((sum, { events }) => sum + events, 0),
    disclosures: verdicts.reduce((sum, { sideRows }) => sum + sideRows, 0),
    trees: verdicts.map(({ tree, frontier, witnessed }) => ({
      ...tree,
      size: frontier.size,
      root: hashToBase64(frontierRoot(frontier)),
      frontier: frontier.nodes.map(hashToBase64),
      witnessed,
    })),
    findings,
  }
}

function isSameTree(a: TreeId, b: TreeId): boolean {
  return a.writer === b.writer && a.epoch === b.epoch
}

/** Trees that an anchor remembers, the top tree and what came after a change of keys too: those are in no list when they are gone. */
function remembered(memory: AnchorMemory): readonly { readonly tree: TreeId; readonly text: string }[] {
  return [...memory.values()].flatMap(({ tree, found: [first] }) =>
    first === undefined
      ? []
      : [{ tree, text: `${first.anchor.name} remembers the tree, and it is not there` }],
  )
}

/** An anchor that was given and has forgotten the log is missing, whatever the others remember. */
function missAnchors(
  heads: readonly Head[],
  anchors: readonly Anchor[],
  memory: AnchorMemory,
  find: (kind: Finding['kind'], text: string, tree: TreeId) => void,
): void {
  const newest = heads.findLast(({ writer }) => writer === TOP_WRITER)
  if (newest === undefined || anchors.length < 2) return
  const found = memory.get(treeKey(newest))?.found ?? []
  for (const anchor of anchors) {
    if (!found.some((one) => one.anchor === anchor))
      find('unanchored', `${anchor.name} remembers nothing of the top tree`, newest)
  }
}

/** The newest checkpoint that each anchor remembers of a tree, as far as the log signed it. */
function knownOf(
  head: Head,
  memories: readonly Memory[],
  verifiers: readonly NoteVerifier[],
  find: (kind: Finding['kind'], text: string, tree: TreeId) => void,
): readonly KnownCheckpoint[] {
  return memories.flatMap(({ anchor, note }) => {
    const checkpoint = openCheckpoint(note, verifiers)
    if (checkpoint === null) {
      find('bad-anchor', `${anchor.name} holds a checkpoint that no known key signed`, head)
      return []
    }
    return [{ size: checkpoint.size, root: checkpoint.root, from: anchor.name, witnessed: true }]
  })
}

/** Whether every missing side row is accounted for by a recorded erasure, and every erased one is really gone. */
function reconcileErasures(
  verdicts: readonly TreeVerdict[],
  startOf: (tree: TreeId) => Frontier,
): readonly Finding[] {
  const erased = new Map<string, ErasedRow[]>()
  for (const row of verdicts.flatMap((verdict) => verdict.erased)) {
    const key = `${row.writer}.${row.epoch}.${row.seq}`
    const rows = erased.get(key) ?? []
    rows.push(row)
    erased.set(key, rows)
  }
  const findings: Finding[] = []
  for (const { tree, gaps } of verdicts) {
    for (const gap of gaps) {
      const key = `${tree.writer}.${tree.epoch}.${gap.seq}`
      const finding = reconcileGap(gap, erased.get(key) ?? [])
      if (finding !== null) findings.push({ ...tree, seq: gap.seq, ...finding })
      erased.delete(key)
    }
  }
  for (const [row] of erased.values()) {
    // What was erased and then pruned is gone twice.
    if (row !== undefined && row.seq >= startOf(row).size)
      findings.push({
        kind: 'erased-row-present',
        ...placeOf(row),
        text: 'a side row that was erased is back',
      })
  }
  return findings
}

function placeOf({ writer, epoch, seq }: ErasedRow): Pick<Finding, 'writer' | 'epoch' | 'seq'> {
  return { writer, epoch, seq }
}

function reconcileGap(gap: SideRowGap, erased: readonly ErasedRow[]): Pick<Finding, 'kind' | 'text'> | null {
  const hashes = new Map(erased.map(({ position, commitment }) => [position, commitment]))
  for (const { position, hash } of gap.present) {
    if (hashes.has(position))
      return { kind: 'erased-row-present', text: 'a side row that was erased is back' }
    hashes.set(position, hash)
  }
  const commitments: Hash[] = []
  for (let position = 0; position < gap.count; position++) {
    const hash = hashes.get(position)
    if (hash === undefined)
      return { kind: 'side-row-missing', text: `side row ${position} is missing, and no erasure covers it` }
    commitments.push(hash)
  }
  const root = hashToBase64(sideRowsRoot(commitments))
  return root === gap.root
    ? null
    : { kind: 'side-row-changed', text: 'a remaining side row was changed, or the erasure covers others' }
}
