import { parseErasedRows, type ErasedRow } from '../erase/erasure-detail.ts'
import { TILE_LEVELS, type TreeNode } from '../merkle/frontier.ts'
import {
  HASH_BYTES,
  hashesFromBytes,
  hashesToBytes,
  hashToBase64,
  leafHashOfPrefixed,
  plainHash,
  type Hash,
} from '../merkle/hash.ts'
import { RangeNodes } from '../merkle/range-nodes.ts'
import type { WalkedEvent, WalkedSideRow } from '../store/log-read-store.ts'
import type { EventKeys, StoredCheckpoint } from '../store/log-store.ts'
import { sideRowsRootText } from '../store/side-row.ts'
import { eventMarks, type EventMarks } from './event-marks.ts'
import type { Finding, FindingKind } from './finding.ts'
import type { ScanReport, ScanTask, SideRowGap } from './scan-report.ts'
import type { Walk } from './walk.ts'

/** More findings than this in one piece help nobody. */
const MAX_FINDINGS = 200
/** Stands for the leaf of an event that is missing. */
const MISSING = plainHash('a missing event')

/** The state of looking through one piece of a tree, fed with its events in order. */
export class RangeScan {
  readonly #task: ScanTask
  readonly #sideRows: Walk<WalkedSideRow>
  readonly #checkpoints: Walk<StoredCheckpoint>
  readonly #nodes: RangeNodes
  readonly #tiles: TreeNode[] = []
  readonly #stops: { size: number; nodes: readonly TreeNode[] }[] = []
  readonly #wanted: number[]
  readonly #findings: Finding[] = []
  readonly #suspects: number[] = []
  readonly #gaps: SideRowGap[] = []
  readonly #erased: ErasedRow[] = []
  #next: number
  #count = 0
  #sideRowCount = 0
  #lastAt = 0
  /** Leaves since the last checkpoint. */
  #batch: Hash[] = []
  #endSeen = false

  constructor(task: ScanTask, sideRows: Walk<WalkedSideRow>, checkpoints: Walk<StoredCheckpoint>) {
    this.#task = task
    this.#sideRows = sideRows
    this.#checkpoints = checkpoints
    this.#next = task.from
    this.#nodes = new RangeNodes(task.from)
    this.#wanted = [...task.stops].sort((a, b) => a - b)
    this.#stop()
  }

  /** Takes the next event. All side rows and checkpoints up to it must have been fetched. */
  event(row: WalkedEvent): void {
    if (row.seq < this.#task.from)
      this.#find('pruned-row-present', row.seq, 'an event stands where the log was pruned')
    else if (row.seq < this.#next) this.#find('inserted', row.seq, 'a second event stands at this index')
    else if (row.seq >= this.#task.to)
      this.#find('unsigned-tail', row.seq, 'an event stands behind the last signed checkpoint')
    else {
      this.#skipTo(row.seq)
      this.#take(row)
    }
  }

  /** Takes what side rows and checkpoints are left when there are no more events. */
  strays(): void {
    this.#skipTo(this.#task.to)
    this.#straySideRows(Number.POSITIVE_INFINITY)
    this.#strayCheckpoints(this.#task.to)
    for (let row = this.#checkpoints.row; row !== undefined; row = this.#checkpoints.row) {
      const isEnd = row.size === this.#task.to && !this.#endSeen
      if (isEnd) this.#endSeen = true
      else if (this.#task.last)
        this.#find(
          'checkpoint-inserted',
          row.size,
          `no batch ended with a second checkpoint of size ${row.size}`,
        )
      this.#checkpoints.step()
    }
  }

  report(): ScanReport {
    this.#skipTo(this.#task.to)
    return {
      events: this.#count,
      sideRows: this.#sideRowCount,
      nodes: this.#nodes.nodes,
      stops: this.#stops,
      tiles: this.#tiles,
      lastAt: this.#lastAt,
      findings: this.#findings,
      suspects: this.#suspects,
      gaps: this.#gaps,
      erased: this.#erased,
    }
  }

  #take(row: WalkedEvent): void {
    const leaf = leafHashOfPrefixed(row.leaf)
    const marks = eventMarks(row.leaf, 1)
    this.#straySideRows(row.seq)
    if (marks === null) {
      this.#find('changed', row.seq, 'the event is not readable')
      while (this.#sideRows.row?.seq === row.seq) this.#sideRows.step()
      this.#checkpointBefore(row.seq, null)
    } else {
      this.#place(row, marks)
      this.#checkpointBefore(row.seq, marks)
      this.#sideRowsOf(row, marks)
      if (marks.kind === 'key-rotated' && !(this.#task.last && row.seq === this.#task.to - 1))
        this.#find('bad-epoch', row.seq + 1, 'an event stands behind the one that ended the epoch')
      if (marks.kind === 'disclosures-erased')
        this.#erased.push(...parseErasedRows(row.leaf.toString('utf8', 1)))
    }
    this.#append(leaf)
    this.#count++
    this.#lastAt = row.at
    this.#checkpointBehind(row)
  }

  #place(row: WalkedEvent, marks: EventMarks): void {
    const { tree, origin } = this.#task
    if (marks.writer !== tree.writer || marks.epoch !== tree.epoch || marks.origin !== origin) {
      this.#find('reordered', row.seq, `the event belongs to ${marks.writer}.${marks.epoch}`)
    } else if (Number(marks.seq) !== row.seq) {
      this.#find('reordered', row.seq, `the event belongs at index ${marks.seq}`)
    } else if (Number(marks.at) !== row.at) {
      this.#find('changed', row.seq, "the event's time column is not its time")
    } else if (!row.hasKeys(keysOf(marks))) {
      this.#find('changed', row.seq, 'the event is found by other words than its own')
    }
  }

  /** The checkpoint before a batch's first event, of which the event gives the hash; nothing before the others. */
  #checkpointBefore(seq: number, marks: EventMarks | null): void {
    this.#strayCheckpoints(seq)
    const previous = marks?.previous ?? null
    if (previous !== null) this.#batch = []
    const checkpoint = this.#checkpoints.row
    if (checkpoint?.size !== seq) {
      if (previous !== null) this.#find('checkpoint-missing', seq, `the checkpoint of size ${seq} is missing`)
      return
    }
    if (previous === null && marks !== null)
      this.#find('checkpoint-inserted', seq, `no batch ended at size ${seq}`)
    else if (marks !== null && previous !== hashToBase64(plainHash(checkpoint.note))) {
      this.#find('checkpoint-changed', seq, `the checkpoint of size ${seq} was changed`)
    }
    this.#checkpoints.step()
  }

  /** A checkpoint right behind this event: its leaves are those of the batch, its time is the event's. */
  #checkpointBehind({ seq, at }: WalkedEvent): void {
    this.#strayCheckpoints(seq + 1)
    const checkpoint = this.#checkpoints.row
    if (checkpoint?.size !== seq + 1) return
    if (Number(checkpoint.at) !== at) {
      this.#find(
        'checkpoint-changed',
        seq + 1,
        `the time of the checkpoint of size ${checkpoint.size} was changed`,
      )
    }
    const { leaves } = checkpoint
    if (leaves.length === HASH_BYTES * this.#batch.length && hashesToBytes(this.#batch).equals(leaves)) return
    const all = hashesFromBytes(leaves) ?? []
    const start = checkpoint.size - this.#batch.length
    // A prune may cut through a batch: of its leaves, those that are still there are compared.
    const cut = this.#task.first && this.#task.from > 0 && start === this.#task.from
    const listed = cut ? all.slice(-this.#batch.length) : all
    if (listed.length !== this.#batch.length) {
      this.#find(
        'checkpoint-changed',
        seq + 1,
        `the checkpoint of size ${checkpoint.size} does not list its batch`,
      )
      return
    }
    for (const [i, leaf] of this.#batch.entries())
      if (leaf !== listed[i] && leaf !== MISSING) this.#suspects.push(start + i)
  }

  #sideRowsOf({ seq, at }: WalkedEvent, { sideRows: count, sideRoot }: EventMarks): void {
    const positions: number[] = []
    const hashes: Hash[] = []
    for (let row = this.#sideRows.row; row !== undefined && row.seq === seq; row = this.#sideRows.row) {
      if (row.position < 0 || row.position >= count || positions.at(-1) === row.position) {
        this.#find('side-row-inserted', seq, `the event has no side row ${row.position}`)
      } else {
        if (row.at !== at)
          this.#find('side-row-changed', seq, `the time of side row ${row.position} is not the event's time`)
        positions.push(row.position)
        hashes.push(row.commitment)
      }
      this.#sideRows.step()
    }
    this.#sideRowCount += hashes.length
    if (count === 0) return
    if (hashes.length === count) {
      if (sideRowsRootText(hashes) !== sideRoot)
        this.#find('side-row-changed', seq, 'a side row of the event was changed')
      return
    }
    const present = positions.map((position, i) => ({ position, hash: hashes[i] ?? MISSING }))
    this.#gaps.push({ seq, root: sideRoot ?? '', count, present })
  }

  #append(leaf: Hash): void {
    this.#nodes.append(leaf, this.#keepTile)
    this.#batch.push(leaf)
    this.#next++
    this.#stop()
  }

  readonly #keepTile = (node: TreeNode): void => {
    if (node.level % TILE_LEVELS === 0) this.#tiles.push(node)
  }

  /** Takes note of missing events, and goes on as if they had been there: the roots behind them are wrong anyway. */
  #skipTo(seq: number): void {
    if (seq <= this.#next) return
    const atEnd = this.#task.last && seq === this.#task.to
    const many = seq - this.#next
    const text = many === 1 ? 'the event is missing' : `${many} events are missing from here`
    this.#find(atEnd ? 'truncated' : 'missing', this.#next, text)
    while (this.#next < seq) {
      this.#straySideRows(this.#next + 1)
      if ((this.#checkpoints.row?.size ?? seq) <= this.#next) this.#checkpoints.step()
      this.#append(MISSING)
    }
  }

  #straySideRows(before: number): void {
    for (let row = this.#sideRows.row; row !== undefined && row.seq < before; row = this.#sideRows.row) {
      if (row.seq < this.#task.from)
        this.#find('pruned-row-present', row.seq, 'a side row stands where the log was pruned')
      else this.#find('side-row-inserted', row.seq, 'a side row has no event')
      this.#sideRows.step()
    }
  }

  #strayCheckpoints(before: number): void {
    for (
      let row = this.#checkpoints.row;
      row !== undefined && row.size < before;
      row = this.#checkpoints.row
    ) {
      if (row.size < this.#task.from)
        this.#find('pruned-row-present', row.size, 'a checkpoint stands where the log was pruned')
      else this.#find('checkpoint-inserted', row.size, `a second checkpoint has size ${row.size}`)
      this.#checkpoints.step()
    }
  }

  #stop(): void {
    while (this.#wanted[0] === this.#next) {
      this.#stops.push({ size: this.#next, nodes: this.#nodes.nodes })
      this.#wanted.shift()
    }
  }

  #find(kind: FindingKind, seq: number, text: string): void {
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push({ kind, ...this.#task.tree, seq, text })
  }
}

function keysOf({ kind, operator, ticket, denied }: EventMarks): EventKeys {
  return { operator, ticket, act: kind === 'access' ? null : kind, denied }
}
