import { microsToIso, type Micros } from '@varco/core'
import { actDraft } from '../act-draft.ts'
import { HoldPlacedError, PruneRefusedError } from '../errors.ts'
import type { EventDraft } from '../event.ts'
import { frontierRoot, type Frontier } from '../merkle/frontier.ts'
import { hashToBase64 } from '../merkle/hash.ts'
import { treeNodes } from '../reading/tree-nodes.ts'
import type { LogPruning } from '../store/log-pruning.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { Head, MindedHolds } from '../store/log-store.ts'
import { TOP_WRITER } from '../store/tree-origin.ts'
import { heartbeat } from '../top/heartbeat.ts'
import type { Scanner } from '../verify/scan-report.ts'
import { verifyLog, type VerifiedTree } from '../verify/verify-log.ts'
import { commitOnce, type TreeAccess } from '../writer/append-once.ts'
import { keptFrontier } from './kept-frontier.ts'
import { lastPrune } from './last-prune.ts'
import { prunedTreesJson, type PrunedTree } from './prune-detail.ts'

export interface PruneOptions extends Omit<TreeAccess, 'writer'> {
  readonly reading: LogReadStore
  readonly pruning: LogPruning
  /** Everything older goes: the beginning of a month, UTC. */
  readonly before: Micros
  /** Whether anything in the months that would go must be kept; if not, does `work` before anybody can say otherwise. */
  readonly unlessHeld: UnlessHeld
  /** Which rule demands it, and who approved; no personal data. */
  readonly rule: string
  readonly approver: string
  readonly operator: EventDraft['operator']
  readonly newRequestId: () => string
  readonly verifierKeys: readonly string[]
  readonly scanner?: (store: LogReadStore) => Scanner
  /** Breaks it off while it verifies, which takes long; once the prune is recorded it goes on to its end. */
  readonly stop?: AbortSignal
}

/**
 * The work is told which holds there are; without any, it is only asked.
 * @returns whether it was done: `false` when something is held
 */
export type UnlessHeld = (before: Micros, work?: (minded: MindedHolds) => Promise<void>) => Promise<boolean>

/** How many events of each tree are gone, counted from its beginning. */
export interface Prune {
  readonly trees: readonly { readonly writer: string; readonly epoch: number; readonly size: number }[]
}

/**
 * Drops whole months from the beginning of the log. First everything is verified and witnessed; then the range, its
 * root, rule and approver, and the frontier of what remains are recorded in the top tree, durably; only then do the months
 * go. Killed in between, it is finished by running it again.
 * @throws PruneRefusedError
 * @throws UnavailableError when the store cannot be reached
 * @throws what `stop` was aborted with
 */
export async function pruneLog(options: PruneOptions): Promise<Prune> {
  const {
    reading,
    pruning,
    before,
    unlessHeld,
    rule,
    approver,
    operator,
    newRequestId,
    verifierKeys,
    scanner,
    stop,
    ...access
  } = options
  if (!isMonthStart(before)) throw new PruneRefusedError('not-a-month')
  await finishPrune({ reading, pruning, unlessHeld })
  if (!(await unlessHeld(before))) throw new PruneRefusedError('held')
  await witnessNow({ ...access, reading, newRequestId })
  const anchors = access.anchors ?? []
  const verdict = await verifyLog({
    store: reading,
    verifierKeys,
    anchors,
    ...(scanner === undefined ? {} : { scanner }),
    onProgress: () => stop?.throwIfAborted(),
  })
  stop?.throwIfAborted()
  if (!verdict.ok) throw new PruneRefusedError('not-sound')

  const trees: PrunedTree[] = []
  for (const head of await reading.heads())
    trees.push(await cutTree(reading, pruning, head, before, verdict.trees))
  const listed = trees.map(({ writer, epoch, size, nodes }) => ({
    writer,
    epoch,
    size,
    root: hashToBase64(frontierRoot({ size, nodes })),
  }))
  const draft = actDraft('log-pruned', {
    requestId: newRequestId(),
    operator,
    detail: {
      before: microsToIso(before),
      rule,
      approver,
      trees: prunedTreesJson(trees),
      roots: listed.map(({ root }) => root),
    },
  })
  // Verifying took its time: a hold placed meanwhile still counts, and one placed from here on waits until the months are gone.
  await orRefused(unlessHeld, before, async (minded) => {
    const forgetting = { erase: [], minded }
    const { batch } = await commitOnce({ ...access, writer: TOP_WRITER }, () => draft, forgetting)
    await Promise.allSettled(anchors.map((anchor) => anchor.publish(batch.checkpoint.note)))
    await pruning.drop(before, trees, minded)
  })
  return { trees: trees.map(({ writer, epoch, size }) => ({ writer, epoch, size })) }
}

/** @throws PruneRefusedError when something is held, or a hold came between the look at them and the work */
async function orRefused(
  unlessHeld: UnlessHeld,
  before: Micros,
  work: (minded: MindedHolds) => Promise<void>,
): Promise<void> {
  try {
    if (await unlessHeld(before, work)) return
  } catch (cause) {
    throw cause instanceof HoldPlacedError ? new PruneRefusedError('held', { cause }) : cause
  }
  throw new PruneRefusedError('held')
}

/**
 * A run that was killed behind its record, or found the months in use, left months that the record says are gone. A hold placed since
 * keeps them, and until it is released verification tells that they are there.
 * @returns whether anything was left
 * @throws PruneRefusedError when a hold keeps it
 */
export async function finishPrune({
  reading,
  pruning,
  unlessHeld,
}: Pick<PruneOptions, 'reading' | 'pruning' | 'unlessHeld'>): Promise<boolean> {
  const last = await lastPrune(reading)
  if (last === null) return false
  const { before, trees } = last
  const cuts = await Promise.all(trees.map((tree) => pruning.cut(tree, before)))
  if (cuts.every(({ lastBefore }) => lastBefore === null)) return false
  await orRefused(unlessHeld, before, (minded) => pruning.drop(before, trees, minded))
  return true
}

async function witnessNow(options: Parameters<typeof heartbeat>[0]): Promise<void> {
  try {
    await heartbeat(options)
  } catch (cause) {
    throw new PruneRefusedError('not-witnessed', { cause })
  }
}

async function cutTree(
  reading: LogReadStore,
  pruning: LogPruning,
  head: Head,
  before: Micros,
  verified: readonly VerifiedTree[],
): Promise<PrunedTree> {
  const { writer, epoch } = head
  const { lastBefore, firstAfter } = await pruning.cut(head, before)
  if (lastBefore !== null && firstAfter !== null && lastBefore > firstAfter)
    throw new PruneRefusedError('not-a-prefix')
  const kept = await keptFrontier(reading, head)
  const size = Math.max(kept.size, lastBefore === null ? 0 : lastBefore + 1)
  const witnessed = verified.find((tree) => tree.writer === writer && tree.epoch === epoch)?.witnessed ?? 0
  if (size > witnessed) throw new PruneRefusedError('not-witnessed')
  return { writer, epoch, ...(await frontierAt(reading, head, size, kept)) }
}

/** The complete subtrees of the first `size` leaves, largest first. */
async function frontierAt(
  reading: LogReadStore,
  head: Head,
  size: number,
  kept: Frontier,
): Promise<Frontier> {
  const nodeAt = treeNodes(reading, head, kept)
  const nodes: Frontier['nodes'][number][] = []
  for (let start = 0; start < size;) {
    const level = Math.floor(Math.log2(size - start))
    nodes.push(await nodeAt(level, start / 2 ** level))
    start += 2 ** level
  }
  return { size, nodes }
}

function isMonthStart(at: Micros): boolean {
  return /^\d{4}-\d{2}-01T00:00:00\.000000Z$/.test(microsToIso(at))
}
